//go:build bench && linux

package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/app/agent"
	"keyfob/app/e2e/bed"
)

// windows is how often each window is opened.
const windows = 15

// TestWindow measures how long a window takes from the click, which is a
// request to the engine, until it is mapped, beside a bare Fyne window from the
// start of its program.
func TestWindow(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent, NoNotes: true})
	mapped, kill := mappings(t, b)
	var tools strings.Builder
	for i := range 20 {
		fmt.Fprintf(&tools, "[tools.t%d]\nname = \"Tool %d\"\nissuer = \"https://idp.example.com\"\nclient_id = \"x\"\n", i, i)
	}
	folder := filepath.Join(b.Home, ".config", "keyfob")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "keyfob.toml"), []byte(tools.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	engine := b.StartCommand(b.Command(program(t, "keyfob-tray")))
	dir := filepath.Join(b.Runtime, "keyfob")
	b.Wait("the engine", func() bool {
		c, err := agent.Dial(t.Context(), dir)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	wait := func(what string, began time.Time) time.Duration {
		select {
		case m := <-mapped:
			kill(m.window)
			return m.at.Sub(began)
		case <-time.After(patience):
			t.Fatalf("%s opens no window\n%s", what, engine.Output())
			return 0
		}
	}

	var bare, ours, drawn series
	for range windows { // in turns, so that a noisy moment meets both
		cmd := b.Command(program(t, "bench/barewindow"))
		cmd.Env = b.Env("LANG=en")
		began := time.Now()
		p := b.StartCommand(cmd)
		bare = append(bare, wait("the bare program", began))
		b.Exit(p)

		client, err := agent.Dial(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		if err := client.Show(t.Context()); err != nil { // it returns when the window is drawn
			t.Fatal(err)
		}
		drawn = append(drawn, time.Since(began))
		ours = append(ours, wait("keyfob", began))
		_ = client.Close()
		b.Wait("the window program to end", func() bool { return len(treeOf(engine.PID())) == 1 })
	}
	rows := [][]string{{"window", "mapped after", "×bare", "p95", "×bare"}}
	for _, w := range []struct {
		name string
		took series
	}{{"bare Fyne window", bare}, {"keyfob's, from the click", ours}, {"and until it is drawn", drawn}} {
		rows = append(rows, []string{
			w.name,
			millis(w.took.median()), ratio(w.took.median(), bare.median()),
			millis(w.took.at(0.95)), ratio(w.took.at(0.95), bare.at(0.95)),
		})
	}
	table(rows)
}

// mapping is a window that came up.
type mapping struct {
	window xproto.Window
	at     time.Time
}

// mappings tells of each window that is mapped, and returns what ends the
// program that owns one.
func mappings(t *testing.T, b *bed.Bed) (<-chan mapping, func(xproto.Window)) {
	t.Helper()
	x, err := xgb.NewConnDisplay(b.Display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	root := xproto.Setup(x).DefaultScreen(x).Root
	events := []uint32{xproto.EventMaskSubstructureNotify}
	if err := xproto.ChangeWindowAttributesChecked(x, root, xproto.CwEventMask, events).Check(); err != nil {
		t.Fatal(err)
	}
	mapped, gone := make(chan mapping, 16), make(chan xproto.Window, 16)
	go func() {
		for {
			ev, err := x.WaitForEvent()
			switch e := ev.(type) {
			case nil:
				if err == nil {
					return
				}
			case xproto.MapNotifyEvent:
				if e.Event == root && !e.OverrideRedirect {
					mapped <- mapping{e.Window, time.Now()}
				}
			case xproto.DestroyNotifyEvent:
				gone <- e.Window
			}
		}
	}()
	return mapped, func(w xproto.Window) {
		_ = xproto.KillClientChecked(x, uint32(w)).Check()
		for {
			select {
			case g := <-gone:
				if g == w {
					return
				}
			case <-time.After(patience):
				t.Fatal("a window stays although its program was killed")
			}
		}
	}
}
