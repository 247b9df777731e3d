package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// office is a desk with a person, a desktop and a wall clock of its own, and
// sessions of eight hours that nothing renews.
type office struct {
	*bed.Bed
	t       *testing.T
	tools   []auth.Tool
	store   *memory.Store
	file    string // what was told
	windows string // what windows were opened with, a line each
	left    string // what a crash leaves on the screen
	logind  *dbus.Conn
	saver   *dbus.Conn
	ahead   atomic.Int64 // nanoseconds: the wall clock ahead of the machine's
	begin   time.Time
	pressed chan string // tools to sign in to
	browser func(context.Context, string) error

	manager *engine.Manager
	*teller
	stop func()
}

const (
	saverName = "org.gnome.ScreenSaver"
	saverPath = dbus.ObjectPath("/org/gnome/ScreenSaver")
)

// newOffice signs in to tools by these names at the beginning of the day.
func newOffice(t *testing.T, names ...string) *office {
	t.Helper()
	o := &office{
		Bed: bed.Start(t, bed.Options{Keyring: bed.Absent, NoDisplay: true, NoTray: true}), t: t,
		store: memory.New(), begin: time.Now(), pressed: make(chan string, 16), stop: func() {},
	}
	o.browser = func(context.Context, string) error { t.Error("a browser was opened unasked"); return nil }
	o.file, o.windows, o.left = filepath.Join(
		o.Home,
		"state",
		"prompts.json",
	), filepath.Join(
		o.Dir,
		"windows",
	), filepath.Join(
		o.Dir,
		"notes.json",
	)
	script := "#!/bin/sh\necho \"$@\" >>'" + o.windows + "'\nexec sleep 1000\n"
	if err := os.WriteFile(filepath.Join(o.Dir, "bin", windowProgram), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, e := range o.Env() {
		if name, value, _ := strings.Cut(e, "="); name == "PATH" || strings.HasPrefix(name, "DBUS") {
			t.Setenv(name, value)
		}
	}
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS") // which plays the system bus, too
	o.saver, o.logind = o.owner(address, saverName), o.owner(address, "org.freedesktop.login1")
	for i, name := range names {
		tool := auth.Tool{
			ID:        fmt.Sprint("tool", i),
			Name:      name,
			Issuer:    "https://idp.example",
			ClientID:  "1",
			Scopes:    []string{"openid"},
			Reminders: []time.Duration{15 * time.Minute, 5 * time.Minute},
		}
		o.tools = append(o.tools, tool)
		o.signedIn(tool.ID, "1", o.begin)
	}
	o.start()
	t.Cleanup(func() { o.stop() })
	return o
}

// owner is a connection that owns a name.
func (o *office) owner(address, name string) *dbus.Conn {
	o.t.Helper()
	c, err := dbus.Connect(address)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = c.Close() })
	if reply, err := c.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		o.t.Fatal(reply, err)
	}
	return c
}

// signedIn puts an eight-hour session into the keychain.
func (o *office) signedIn(tool, set string, at time.Time) {
	o.t.Helper()
	at = at.Round(0)
	issuer := o.tools[slices.IndexFunc(o.tools, func(t auth.Tool) bool { return t.ID == tool })].Issuer
	t := auth.Tokens{
		Access:     "a",
		Type:       "Bearer",
		Set:        set,
		Account:    auth.Account{Issuer: issuer, Subject: "ann"},
		SignedInAt: at,
		IssuedAt:   at,
		Expiry:     at.Add(8 * time.Hour),
	}
	if err := o.store.Save(context.Background(), tool, t); err != nil {
		o.t.Fatal(err)
	}
}

// start starts the engine's sessions and the desk.
func (o *office) start() {
	o.t.Helper()
	o.manager = engine.New(engine.Config{
		Tools: o.tools, Store: o.store, Now: o.clock,
		Client:      func(auth.Tool) (*oidc.Client, error) { return &oidc.Client{Now: o.clock}, nil },
		OpenBrowser: o.browser,
		Lock:        func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	o.teller = &teller{
		manager: o.manager, now: o.clock, err: io.Discard, file: o.file, window: newWindowProcess(o.Dir), main: newWindowProcess(o.Dir),
		signIn: func(tool string) { o.pressed <- tool }, jobs: make(chan func(context.Context)), hidden: func() {}, board: newBoard(o.left),
	}
	ctx, cancel := context.WithCancel(context.Background())
	running, telling := make(chan struct{}), make(chan struct{})
	go func() { o.manager.Run(ctx); close(running) }()
	go func() { o.loop(ctx); close(telling) }()
	o.stop = func() { cancel(); <-running; <-telling; o.stop = func() {} }
	if err := o.manager.Loaded(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	o.Wait("the desk to know that nothing is locked", func() bool { return o.inLoop(func() bool { return !o.locked }) })
	o.settle()
}

func (o *office) restart() { o.stop(); o.start() }

func (o *office) clock() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) }

// at lets the machine sleep until so long after the beginning, and wakes it.
func (o *office) at(d time.Duration) {
	o.t.Helper()
	o.ahead.Store(int64(d - time.Since(o.begin)))
	o.wake()
	o.settle()
}

func (o *office) wake() {
	o.t.Helper()
	if err := o.logind.Emit("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", false); err != nil {
		o.t.Fatal(err)
	}
}

// lock locks the screen or unlocks it, and waits until the desk knows.
func (o *office) lock(locked bool) {
	o.t.Helper()
	if err := o.saver.Emit(saverPath, saverName+".ActiveChanged", locked); err != nil {
		o.t.Fatal(err)
	}
	o.Wait("the desk to know of the lock", func() bool { return o.inLoop(func() bool { return o.locked == locked }) })
}

// inLoop asks something where the desk's facts belong.
func (o *office) inLoop(ask func() bool) bool {
	o.t.Helper()
	answer := make(chan bool, 1)
	if err := o.job(o.t.Context(), func(context.Context) { answer <- ask() }); err != nil {
		o.t.Fatal(err)
	}
	return <-answer
}

// settle waits until the sessions know what time it is and, unless the screen
// is locked, the desk has told what there is to tell.
func (o *office) settle() {
	o.t.Helper()
	o.Wait("the sessions to know the time", func() bool {
		all, err := o.manager.Snapshots(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		return !slices.ContainsFunc(all, func(s session.Snapshot) bool {
			waits := s.State != session.Expired && !s.NextWake.IsZero() // for a moment
			return s.State == session.Unavailable || waits && s.NextWake.Before(o.clock())
		})
	})
	o.Wait("the desk to tell it", func() bool {
		all, _ := o.manager.Snapshots(o.t.Context())
		return o.inLoop(func() bool { return (o.locked || o.toldAll(all)) && o.board.idle() })
	})
}

// toldAll reports whether nothing of these sessions is left to tell.
func (o *office) toldAll(all []session.Snapshot) bool {
	probe := *o.shown
	n := probe.Update(all)
	return len(n.Remind)+len(n.Prompt)+len(n.Clear) == 0
}

// onScreen are the notifications that are open.
func (o *office) onScreen() (open []string) {
	for _, n := range o.Notes.All() {
		if n.Open {
			open = append(open, n.Summary)
		}
	}
	return open
}

// wantScreen waits until these notifications are open and no others. What is
// taken off goes when the server comes to it.
func (o *office) wantScreen(when string, want ...string) {
	o.t.Helper()
	o.Wait("the notifications", o.board.idle)
	o.Wait(fmt.Sprintf("%q on the screen %s", want, when), func() bool { return slices.Equal(o.onScreen(), want) })
}

func (o *office) open() bed.Note {
	o.t.Helper()
	return o.Notes.WaitOpen("any", func(bed.Note) bool { return true })
}

// opened are the arguments of each window so far.
func (o *office) opened() []string {
	text, err := os.ReadFile(o.windows)
	if err != nil || len(text) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(string(text), "prompt --dir "+o.Dir+" ", "")), "\n")
}

func (o *office) wantWindows(when string, want ...string) {
	o.t.Helper()
	o.Wait("as many windows as are wanted", func() bool { return len(o.opened()) >= len(want) })
	if got := o.opened(); !slices.Equal(got, want) {
		o.t.Errorf("%s: windows for %q, want %q", when, got, want)
	}
}

// elsewhere signs in again by another program.
func (o *office) elsewhere(i int) {
	o.t.Helper()
	o.signedIn(o.tools[i].ID, "2", o.clock())
	o.tools = slices.Clone(o.tools)
	o.tools[i].ClientID += "1" // which makes the engine look into the keychain
	if err := o.manager.SetTools(o.t.Context(), o.tools, nil); err != nil {
		o.t.Fatal(err)
	}
	o.settle()
}
