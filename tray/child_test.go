//go:build linux || freebsd || openbsd || netbsd

package tray_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keyfob/auth/session"
	"keyfob/tray"
)

// A process can run one tray at a time, so the tests run theirs in children: this same
// test binary, told so by its environment.
const childVar = "KEYFOB_TRAY_TEST_CHILD"

// nextVar holds the buses on which a child runs a tray once the one before is
// gone.
const nextVar = "KEYFOB_TRAY_TEST_NEXT"

// order is what a test tells its child, one JSON value a line.
type order struct {
	Snaps   []session.Snapshot `json:"snaps"`
	Advance time.Duration      `json:"advance,omitempty"` // moves the child's clock
	Stop    bool               `json:"stop,omitempty"`    // stops it, but for that
}

func TestMain(m *testing.M) {
	if os.Getenv(childVar) != "" {
		runChild()
		return
	}
	os.Exit(m.Run())
}

// runChild runs a tray whose clock shows noon at first. What a person clicks
// and how it ends goes to stdout. It ends with stdin.
func runChild() {
	ctx, cancel := context.WithCancel(context.Background())
	if os.Getenv(childVar) == "impatient" {
		ctx, cancel = context.WithTimeout(ctx, 300*time.Millisecond)
	}
	defer cancel()
	var ahead, stopped atomic.Int64
	began := time.Now()
	orders := json.NewDecoder(os.Stdin)
	var first order
	if err := orders.Decode(&first); err != nil {
		fmt.Println("ended:", err)
		return
	}
	watch := make(chan []session.Snapshot)
	go func() {
		defer cancel()
		for {
			var o order
			if err := orders.Decode(&o); err != nil {
				return
			}
			if o.Stop {
				stopped.Store(int64(time.Since(began)))
			}
			ahead.Add(int64(o.Advance))
			if o.Snaps != nil {
				watch <- o.Snaps
			}
		}
	}()
	if os.Getenv(childVar) == "busy" { // the icon changes as often as it can
		go func() {
			for states := first.Snaps; ctx.Err() == nil; {
				states = slices.Clone(states)
				if states[0].State == session.SignedOut {
					states[0].State = session.Expired
				} else {
					states[0].State = session.SignedOut
				}
				select {
				case watch <- states:
				case <-ctx.Done():
				}
			}
		}()
	}
	did := func(what string) func(context.Context, string) {
		return func(ctx context.Context, tool string) {
			fmt.Println("did", what, tool)
			switch tool {
			case "slow":
				time.Sleep(5 * time.Millisecond)
			case "stuck":
				<-ctx.Done()
				fmt.Println("stopped", what, tool)
			}
		}
	}
	alone := func(what string) func(context.Context) {
		return func(context.Context) { fmt.Println("did", what) }
	}
	config := tray.Config{
		First: first.Snaps,
		Watch: watch,
		Now: func() time.Time {
			since := time.Duration(stopped.Load())
			if since == 0 {
				since = time.Since(began)
			}
			return noon.Add(since + time.Duration(ahead.Load()))
		},
		NoHost: func() { fmt.Println("did no-host") },
		Host:   func() { fmt.Println("did host") },
		Actions: tray.Actions{
			SignIn: did("sign-in"), Cancel: did("cancel"), Copy: did("copy"), CopyAddress: did("copy-address"),
			CopyHeader: did("copy-header"), CopyCurl: did("copy-curl"), CopyEnv: did("copy-env"), ShowToken: did("show-token"),
			OpenHome: did("open-home"), SignOut: did("sign-out"),
			Offline: did("offline"), Switch: did("switch"),
			Add: alone("add"), Show: alone("show"), OpenSettings: alone("open-settings"), Quit: alone("quit"),
		},
	}
	err := tray.Run(ctx, config)
	for next := range strings.FieldsSeq(os.Getenv(nextVar)) {
		fmt.Println("gone:", errors.Is(err, tray.ErrGone))
		_ = os.Setenv("DBUS_SESSION_BUS_ADDRESS", next)
		err = tray.Run(ctx, config)
	}
	fmt.Println("ended:", err, errors.Is(err, tray.ErrNoTray))
	if ctx.Err() == nil && err == nil {
		<-ctx.Done() // whoever has something to say after the end can say it
	}
}

// child is a tray in a process of its own.
type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string // closed when the child ends
}

func startChild(t *testing.T, bus string, first []session.Snapshot, env ...string) *child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: exec.Command(exe), lines: make(chan string, 4096)}
	c.cmd.Env = append(
		os.Environ(),
		append([]string{childVar + "=1", "DBUS_SESSION_BUS_ADDRESS=" + bus, "GORACE=exitcode=0 atexit_sleep_ms=0"}, env...)...)
	var noise strings.Builder
	c.cmd.Stderr = &noise
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(c.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			c.lines <- s.Text()
		}
	}()
	t.Cleanup(func() {
		_ = c.stdin.Close()
		for range c.lines { // until it ends
		}
		if err := c.cmd.Wait(); err != nil {
			t.Errorf("the child: %v\n%s", err, noise.String())
		}
		for _, race := range ownRaces(noise.String()) {
			t.Errorf("the child: %s", race)
		}
	})
	c.tell(order{Snaps: first})
	return c
}

func (c *child) tell(o order) {
	c.t.Helper()
	if err := json.NewEncoder(c.stdin).Encode(o); err != nil {
		c.t.Fatal(err)
	}
}

// says waits for the child's next line.
func (c *child) says() string {
	c.t.Helper()
	select {
	case line := <-c.lines:
		return line
	case <-time.After(20 * time.Second):
		c.t.Fatal("the child says nothing")
		return ""
	}
}

func (c *child) expect(want string) {
	c.t.Helper()
	if got := c.says(); got != want {
		c.t.Errorf("the child says %q, want %q", got, want)
	}
}

// ownRaces returns what the race detector found that is not between two places
// within systray: systray reads its menu's version under one lock and raises
// it under another.
func ownRaces(stderr string) []string {
	var own []string
	for report := range strings.SplitSeq(stderr, "==================") {
		lines := strings.Split(report, "\n")
		for i, l := range lines[:len(lines)-1] {
			access := strings.Contains(l, " at 0x") && strings.Contains(l, " by ")
			if access && !strings.Contains(lines[i+1], "fyne.io/systray") {
				own = append(own, report)
				break
			}
		}
	}
	return own
}

func TestOwnRaces(t *testing.T) {
	report := func(first, second string) string {
		return "log\n==================\nWARNING: DATA RACE\nRead at 0x00c0 by goroutine 8:\n  " + first +
			"()\n      file.go:1\n\nPrevious write at 0x00c0 by goroutine 9:\n  " + second + "()\n      file.go:2\n==================\n"
	}
	for _, tt := range []struct {
		first, second string
		want          int
	}{
		{"fyne.io/systray.refresh", "fyne.io/systray.(*tray).GetLayout", 0},
		{"keyfob/tray.(*node).mean", "fyne.io/systray.refresh", 1},
		{"fyne.io/systray.refresh", "keyfob/tray.(*node).mean", 1},
	} {
		if got := ownRaces(report(tt.first, tt.second)); len(got) != tt.want {
			t.Errorf("%s and %s: %d own races, want %d", tt.first, tt.second, len(got), tt.want)
		}
	}
}
