package desktop

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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

// rig is a screen on a desktop with a notification server, a screen lock and a
// wall clock of its own, and sessions of eight hours that nothing renews. A
// script plays the window program.
type rig struct {
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
	said    sayings     // what the screen logs
	browser func(context.Context, string) error

	manager *engine.Manager
	screen  *screen
	stop    func()
}

const (
	saverName = "org.gnome.ScreenSaver"
	saverPath = dbus.ObjectPath("/org/gnome/ScreenSaver")
)

// newRig signs in to tools by these names at the beginning of the day.
func newRig(t *testing.T, names ...string) *rig {
	t.Helper()
	r := &rig{
		Bed: bed.Start(t, bed.Options{Keyring: bed.Absent, NoDisplay: true, NoTray: true}), t: t,
		store: memory.New(), begin: time.Now(), pressed: make(chan string, 16), stop: func() {},
	}
	r.browser = func(context.Context, string) error { t.Error("a browser was opened unasked"); return nil }
	r.file = filepath.Join(r.Home, "state", "prompts.json")
	r.windows, r.left = filepath.Join(r.Dir, "windows"), filepath.Join(r.Dir, "notes.json")
	r.program("echo drawn\nwhile read key; do echo opened; done\n")
	for _, e := range r.Env() {
		if name, value, _ := strings.Cut(e, "="); name == "PATH" || strings.HasPrefix(name, "DBUS") {
			t.Setenv(name, value)
		}
	}
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS") // which plays the system bus, too
	r.saver, r.logind = r.owner(address, saverName), r.owner(address, "org.freedesktop.login1")
	for i, name := range names {
		tool := auth.Tool{
			ID:        fmt.Sprint("tool", i),
			Name:      name,
			Issuer:    "https://idp.example",
			ClientID:  "1",
			Scopes:    []string{"openid"},
			Reminders: []time.Duration{15 * time.Minute, 5 * time.Minute},
		}
		r.tools = append(r.tools, tool)
		r.signedIn(tool.ID, "1", r.begin)
	}
	r.start()
	t.Cleanup(func() { r.stop() })
	return r
}

// program makes the window program a script, which first tells what it was started with.
func (r *rig) program(script string) {
	r.t.Helper()
	script = "#!/bin/sh\necho \"$@\" >>'" + r.windows + "'\n" + script
	if err := os.WriteFile(filepath.Join(r.Dir, "bin", windowProgram), []byte(script), 0o755); err != nil {
		r.t.Fatal(err)
	}
}

// owner is a connection that owns a name.
func (r *rig) owner(address, name string) *dbus.Conn {
	r.t.Helper()
	c, err := dbus.Connect(address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = c.Close() })
	if reply, err := c.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		r.t.Fatal(reply, err)
	}
	return c
}

// signedIn puts an eight-hour session into the keychain.
func (r *rig) signedIn(tool, set string, at time.Time) {
	r.t.Helper()
	at = at.Round(0)
	issuer := r.tools[slices.IndexFunc(r.tools, func(t auth.Tool) bool { return t.ID == tool })].Issuer
	t := auth.Tokens{
		Access:     "a",
		Type:       "Bearer",
		Set:        set,
		Account:    auth.Account{Issuer: issuer, Subject: "ann"},
		SignedInAt: at,
		IssuedAt:   at,
		Expiry:     at.Add(8 * time.Hour),
	}
	if err := r.store.Save(context.Background(), tool, t); err != nil {
		r.t.Fatal(err)
	}
}

// start starts the engine's sessions and the screen.
func (r *rig) start() {
	r.t.Helper()
	r.manager = engine.New(engine.Config{
		Tools: r.tools, Store: r.store, Now: r.clock,
		Client:      func(auth.Tool) (*oidc.Client, error) { return &oidc.Client{Now: r.clock}, nil },
		OpenBrowser: r.browser,
		Lock:        func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	r.screen = newScreen(screenConfig{
		Sessions: r.manager, Now: r.clock, Log: r.said.add, Dir: r.Dir, ShownIn: r.left, ToldIn: r.file,
		SignIn: func(_ context.Context, tool string) { r.pressed <- tool }, OnLock: func() {},
	})
	ctx, cancel := context.WithCancel(context.Background())
	running, telling := make(chan struct{}), make(chan struct{})
	go func() { r.manager.Run(ctx); close(running) }()
	go func() { r.screen.run(ctx); close(telling) }()
	r.stop = func() { cancel(); <-running; <-telling; r.stop = func() {} }
	if err := r.manager.Loaded(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	r.Wait("the screen to know that nothing is locked", func() bool { return r.inLoop(func() bool { return !r.screen.notices.locked }) })
	r.settle()
}

func (r *rig) restart() { r.stop(); r.start() }

func (r *rig) clock() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }

// at lets the machine sleep until so long after the beginning, and wakes it.
func (r *rig) at(d time.Duration) {
	r.t.Helper()
	r.ahead.Store(int64(d - time.Since(r.begin)))
	r.wake()
	r.settle()
}

func (r *rig) wake() {
	r.t.Helper()
	if err := r.logind.Emit("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", false); err != nil {
		r.t.Fatal(err)
	}
}

// lock locks the screen or unlocks it, and waits until that is known.
func (r *rig) lock(locked bool) {
	r.t.Helper()
	if err := r.saver.Emit(saverPath, saverName+".ActiveChanged", locked); err != nil {
		r.t.Fatal(err)
	}
	r.Wait("the screen to know of the lock", func() bool { return r.inLoop(func() bool { return r.screen.notices.locked == locked }) })
}

// inLoop asks something in the goroutine that owns what is on the screen.
func (r *rig) inLoop(ask func() bool) bool {
	r.t.Helper()
	answer := make(chan bool, 1)
	if err := r.screen.do(r.t.Context(), func(context.Context) { answer <- ask() }); err != nil {
		r.t.Fatal(err)
	}
	return <-answer
}

// settle waits until the sessions know what time it is and, unless the screen
// is locked, all that there is to tell has been told.
func (r *rig) settle() {
	r.t.Helper()
	r.Wait("the sessions to know the time", func() bool {
		all, err := r.manager.Snapshots(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		return !slices.ContainsFunc(all, func(s session.Snapshot) bool {
			waits := s.State != session.Expired && !s.NextWake.IsZero() // for a moment
			return s.State == session.Unavailable || waits && s.NextWake.Before(r.clock())
		})
	})
	r.Wait("the screen to tell it", func() bool {
		all, _ := r.manager.Snapshots(r.t.Context())
		return r.inLoop(func() bool { return (r.screen.notices.locked || r.toldAll(all)) && r.screen.notices.onScreen.idle() })
	})
}

// toldAll reports whether nothing of these sessions is left to tell.
func (r *rig) toldAll(all []session.Snapshot) bool {
	probe := *r.screen.reminders.told
	n := probe.Update(all)
	return len(n.Remind)+len(n.Prompt)+len(n.Clear) == 0
}

// onScreen are the notifications that are open.
func (r *rig) onScreen() (open []string) {
	for _, n := range r.Notes.All() {
		if n.Open {
			open = append(open, n.Summary)
		}
	}
	return open
}

// wantScreen waits until these notifications are open and no others. What is
// taken off goes when the server comes to it.
func (r *rig) wantScreen(when string, want ...string) {
	r.t.Helper()
	r.Wait("the notifications", r.screen.notices.onScreen.idle)
	r.Wait(fmt.Sprintf("%q on the screen %s", want, when), func() bool { return slices.Equal(r.onScreen(), want) })
}

func (r *rig) open() bed.Note {
	r.t.Helper()
	return r.Notes.WaitOpen("any", func(bed.Note) bool { return true })
}

// opened are the arguments of each window so far.
func (r *rig) opened() []string {
	text, err := os.ReadFile(r.windows)
	if err != nil || len(text) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(string(text), "prompt --dir "+r.Dir+" ", "")), "\n")
}

func (r *rig) wantWindows(when string, want ...string) {
	r.t.Helper()
	r.Wait("as many windows as are wanted", func() bool { return len(r.opened()) >= len(want) })
	if got := r.opened(); !slices.Equal(got, want) {
		r.t.Errorf("%s: windows for %q, want %q", when, got, want)
	}
}

// elsewhere signs in again by another program.
func (r *rig) elsewhere(i int) {
	r.t.Helper()
	r.signedIn(r.tools[i].ID, "2", r.clock())
	r.tools = slices.Clone(r.tools)
	r.tools[i].ClientID += "1" // which makes the engine look into the keychain
	if err := r.manager.SetTools(r.t.Context(), r.tools, nil); err != nil {
		r.t.Fatal(err)
	}
	r.settle()
}

// sayings is what was said, a line each, from any goroutine.
type sayings struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *sayings) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.WriteString(text + "\n")
}

func (s *sayings) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}
