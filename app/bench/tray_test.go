//go:build bench && linux

package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/app/e2e/bed"
)

const (
	starts = 15 // of each tray
	// settling is from a tray's icon to where it counts as idle: keyfob looks
	// once, after five seconds, whether the desktop shows icons.
	settling = 12 * time.Second
	patience = 20 * time.Second
)

// trays are what is measured, the yardstick first.
var trays = []struct{ name, path string }{
	{"bare systray", "bench/baretray"},
	{"minimal Fyne", "bench/fynetray"},
	{"keyfob-tray", "keyfob-tray"},
}

// TestTray measures how long a tray takes to its icon, and what it takes while
// nothing happens.
func TestTray(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent, NoNotes: true})
	registered := icons(t, b)
	start := func(path string) (*bed.Process, time.Duration) {
		cmd := b.Command(program(t, path))
		cmd.Env = b.Env("LANG=en")
		began := time.Now()
		p := b.StartCommand(cmd)
		select {
		case at := <-registered:
			return p, at.Sub(began)
		case <-time.After(patience):
			t.Fatalf("%s shows no icon:\n%s", path, p.Output())
			return nil, 0
		}
	}

	ready := make([]series, len(trays))
	for range starts { // in turns, so that a noisy moment meets all
		for i, tray := range trays {
			p, took := start(tray.path)
			ready[i] = append(ready[i], took)
			p.Kill()
		}
	}

	running := make([]*bed.Process, len(trays))
	for i, tray := range trays {
		running[i], _ = start(tray.path)
	}
	time.Sleep(settling)
	before := make([]cost, len(trays))
	for i := range trays {
		before[i] = costNow(t, running[i])
	}
	time.Sleep(*idle)
	used, takes := make([]cost, len(trays)), make([]memory, len(trays))
	for i := range trays {
		used[i] = costNow(t, running[i]).since(before[i])
		var err error
		if takes[i], err = memoryOf(running[i].PID()); err != nil {
			t.Fatal(err)
		}
	}

	rows := [][]string{{"tray", "icon after", "×bare", "PSS", "×bare", "anonymous", "switches", "CPU s", "(idle " + idle.String() + ")"}}
	for i, tray := range trays {
		rows = append(rows, []string{
			tray.name,
			millis(ready[i].median()), ratio(ready[i].median(), ready[0].median()),
			megabytes(takes[i].pss), ratio(takes[i].pss, takes[0].pss), megabytes(takes[i].anonymous),
			fmt.Sprint(used[i].switches), fmt.Sprintf("%.4f", used[i].cpu.Seconds()),
		})
	}
	table(rows)
}

func costNow(t *testing.T, p *bed.Process) cost {
	t.Helper()
	c, err := costOf(p.PID())
	if err != nil {
		t.Fatalf("%v\n%s", err, p.Output())
	}
	return c
}

// icons tells when an icon is registered on the bus.
func icons(t *testing.T, b *bed.Bed) <-chan time.Time {
	t.Helper()
	const variable, signal = "DBUS_SESSION_BUS_ADDRESS=", "StatusNotifierItemRegistered"
	env := b.Env()
	at := slices.IndexFunc(env, func(v string) bool { return strings.HasPrefix(v, variable) })
	conn, err := dbus.Connect(strings.TrimPrefix(env[at], variable))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.AddMatchSignal(dbus.WithMatchMember(signal)); err != nil {
		t.Fatal(err)
	}
	signals, registered := make(chan *dbus.Signal, 16), make(chan time.Time, 16)
	conn.Signal(signals)
	go func() {
		for s := range signals {
			if strings.HasSuffix(s.Name, "."+signal) {
				registered <- time.Now()
			}
		}
	}()
	return registered
}
