package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/app/config"
	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// within is how long the program may take to notice what became of a desktop.
const within = 10 * time.Second

// seatRig is an engine with one tool, in this process, whose seat is moved among
// the beds of a test.
type seatRig struct {
	t        *testing.T
	dir      string       // the engine's folder
	machine  *bed.Bed     // whose bus is the system's
	ahead    atomic.Int64 // nanoseconds: the wall clock ahead of the machine's
	browser  chan string  // the addresses that were opened
	sessions *engine.Manager
	seat     *Seat
	opened   string // what windows were opened with, a line each
	said     sayings

	mu      sync.Mutex
	changes []bool
	buses   int // how often children had another bus
	ended   chan error
	stop    func()
}

// fixed are settings that nobody changes.
type fixed struct{ *config.Settings }

func (fixed) Path() string                                        { return "" }
func (f fixed) Last() (*config.Settings, *auth.Error)             { return f.Settings, nil }
func (f fixed) Reread() *config.Settings                          { return f.Settings }
func (fixed) Apply(ctx context.Context, _ *config.Settings) error { return ctx.Err() }

// newSeatRig runs an engine whose environment is first, which is shown if it says
// so. A script plays the window program.
func newSeatRig(t *testing.T, first Place, shown bool) *seatRig {
	t.Helper()
	r := &seatRig{
		t: t, ended: make(chan error, 1), browser: make(chan string, 16),
		machine: bed.Start(t, bed.Options{Keyring: bed.Absent, NoDisplay: true, NoTray: true, NoNotes: true}),
	}
	r.dir, r.opened = r.machine.Dir, filepath.Join(r.machine.Dir, "windows")
	bin := filepath.Join(r.machine.Dir, "bin")
	script := "#!/bin/sh\necho \"$DISPLAY $@\" >>'" + r.opened + "'\necho drawn\nwhile read key; do echo opened; done\n"
	if err := os.WriteFile(filepath.Join(bin, windowProgram), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range placeNames() {
		t.Setenv(name, "") // which has the test put it back
	}
	first.enter()
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("XDG_RUNTIME_DIR", r.machine.Runtime)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", placeOf(r.machine)[busAddress])
	provider, err := idp.New(idp.Config{
		Now:     r.clock,
		Users:   map[string]auth.Secret{"ada": "pw"},
		Clients: []idp.Client{{ID: "renews", AccessTTL: 8 * time.Hour, Alg: "ES256"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	tool := auth.Tool{
		ID: "plant4", Name: "Plant 4", Provider: "oidc", Issuer: authtest.Serve(t, provider), ClientID: "renews", ClientAuth: auth.ClientAuthNone,
		Scopes: []string{"openid"}, Redirect: "http://127.0.0.1/callback",
	}
	client := &oidc.Client{Now: r.clock}
	r.sessions = engine.New(engine.Config{
		Tools: []auth.Tool{tool}, Store: memory.New(), Now: r.clock,
		Client:      func(auth.Tool) (*oidc.Client, error) { return client, nil },
		OpenBrowser: func(_ context.Context, address string) error { r.browser <- address; return nil },
		Lock:        func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	c := SeatConfig{
		Log: r.said.add,
		New: func() *Desktop {
			return New(Config{
				Sessions: r.sessions, Settings: fixed{&config.Settings{ClearAfter: time.Minute}}, Dir: r.dir, Now: r.clock,
				OpenBrowser: func(context.Context, string) error { return nil }, Log: r.said.add,
			})
		},
		Changed: func(_ context.Context, shown bool) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.changes = append(r.changes, shown)
		},
		NewBus: func(context.Context) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.buses++
		},
	}
	if shown {
		c.First = first
	}
	r.seat = NewSeat(c)
	ctx, cancel := context.WithCancel(context.Background())
	running := make(chan struct{})
	go func() { r.sessions.Run(ctx); close(running) }()
	go func() { r.ended <- r.seat.Run(ctx, func() {}) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-r.ended; err != nil {
			t.Error(err)
		}
		<-running
	})
	t.Cleanup(r.stop)
	return r
}

func (r *seatRig) clock() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) }

func (r *seatRig) state() session.State {
	r.t.Helper()
	s, err := snapshot(r.t.Context(), r.sessions, "plant4")
	if err != nil {
		r.t.Fatal(err)
	}
	return s.State
}

// pressSignIn does what a button of a notification does. A click in the menu has
// to read it first, over which systray races with itself.
func (r *seatRig) pressSignIn() {
	r.t.Helper()
	d := r.seat.current().desktop
	if err := d.screen.do(r.t.Context(), func(life context.Context) { d.screen.signIn(life, "plant4") }); err != nil {
		r.t.Fatal(err)
	}
}

// placeOf is where programs of a bed run.
func placeOf(b *bed.Bed) Place {
	env := map[string]string{}
	for _, v := range b.Env() {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	return Here(func(name string) string { return env[name] })
}

// promote asks for the desktop to be at p.
func (r *seatRig) promote(p Place) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), within)
	defer cancel()
	said, err := r.seat.Promote(ctx, p)
	if err != nil {
		r.t.Fatal(err)
	}
	return said
}

// soon waits as long as the program may take.
func (r *seatRig) soon(what string, ready func() bool) {
	r.t.Helper()
	for end := time.Now().Add(within); !ready(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			r.t.Fatalf("waited %s in vain for %s; it said:\n%s", within, what, r.said.String())
		}
	}
}

func (r *seatRig) told() []bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.changes)
}

func (r *seatRig) windows() string {
	text, err := os.ReadFile(r.opened)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		r.t.Fatal(err)
	}
	return string(text)
}

// noDisplay is a desktop with everything but a display.
func noDisplay() bed.Options { return bed.Options{Keyring: bed.Absent, NoDisplay: true} }

func noTray(t *testing.T, when string, err error) {
	t.Helper()
	if auth.AsError(err) == nil || auth.AsError(err).Code != auth.CodeNoTray {
		t.Errorf("%s: %v", when, err)
	}
}

// owner is a connection to the bed's bus that owns a name.
func owner(t *testing.T, b *bed.Bed, name string) *dbus.Conn {
	t.Helper()
	c, err := dbus.Connect(placeOf(b)[busAddress])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if reply, err := c.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return c
}
