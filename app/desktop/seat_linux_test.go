package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/app/config"
	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
)

// within is how long the program may take to notice what became of a desktop.
const within = 10 * time.Second

// seatRig is an engine with one tool, in this process, whose seat is moved among
// the beds of a test.
type seatRig struct {
	t        *testing.T
	home     *bed.Bed // whose folders the engine uses
	sessions *engine.Manager
	seat     *Seat
	opened   string // what windows were opened with, a line each
	said     sayings
	client   func(auth.Tool) (*oidc.Client, error)

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
// so. A script on home plays the window program.
func newSeatRig(t *testing.T, home *bed.Bed, first Place, shown bool) *seatRig {
	t.Helper()
	r := &seatRig{t: t, home: home, opened: filepath.Join(home.Dir, "windows"), ended: make(chan error, 1)}
	script := "#!/bin/sh\necho \"$DISPLAY $@\" >>'" + r.opened + "'\nexec sleep 1000\n"
	if err := os.WriteFile(filepath.Join(home.Dir, "bin", windowProgram), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range placeNames() {
		t.Setenv(name, "") // which has the test put it back
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	first.enter()
	t.Setenv("PATH", filepath.Join(home.Dir, "bin")+":"+os.Getenv("PATH"))
	t.Setenv("XDG_RUNTIME_DIR", home.Runtime)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path="+filepath.Join(home.Dir, "nobody"))
	tool := auth.Tool{ID: "plant4", Name: "Plant 4", Issuer: "https://idp.example", ClientID: "1", Scopes: []string{"openid"}}
	r.sessions = engine.New(engine.Config{
		Tools: []auth.Tool{tool}, Store: memory.New(), Now: time.Now,
		Client: func(tool auth.Tool) (*oidc.Client, error) {
			if r.client != nil {
				return r.client(tool)
			}
			return &oidc.Client{Now: time.Now}, nil
		},
		OpenBrowser: func(context.Context, string) error { return nil },
		Lock:        func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	c := SeatConfig{
		Log: r.said.add,
		New: func() *Desktop {
			return New(Config{
				Sessions: r.sessions, Settings: fixed{&config.Settings{ClearAfter: time.Minute}}, Dir: home.Dir, Now: time.Now,
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

// TestSeatFromNowhere promotes an engine that was started without a desktop.
func TestSeatFromNowhere(t *testing.T) {
	b := bed.Start(t, noDisplay())
	r := newSeatRig(t, b, Place{}, false)
	noTray(t, "show without a desktop", r.seat.Show(t.Context()))
	noTray(t, "copy without a desktop", r.seat.Copy(t.Context(), "plant4", ""))
	if r.seat.Reload(t.Context()) {
		t.Error("a desktop that is not there has read the settings")
	}
	_, err := r.seat.Promote(t.Context(), Place{"DISPLAY": ":9999", busAddress: "unix:path=" + filepath.Join(b.Dir, "nobody")})
	noTray(t, "promote to nowhere", err)

	if said := r.promote(placeOf(b)); !strings.Contains(said, "its icon is in the tray now") {
		t.Errorf("said %q", said)
	}
	r.soon("the icon", func() bool { return b.Tray.Icons() == 1 })
	if !r.seat.Reload(t.Context()) {
		t.Error("the desktop has not read the settings")
	}
	if said := r.promote(placeOf(b)); said != "keyfob is already running: its window opens" {
		t.Errorf("the second time: %q", said)
	}
	r.soon("the window", func() bool { return strings.Contains(r.windows(), "show --dir "+b.Dir+" tools") })
	r.soon("one icon", func() bool { return b.Tray.Icons() == 1 })
	r.stop()
	if got := r.told(); !slices.Equal(got, []bool{true}) || r.buses != 1 {
		t.Errorf("told %v, %d other buses", got, r.buses)
	}
	noTray(t, "show after the end", r.seat.Show(t.Context()))
}

// TestSeatMovesToTheNewest moves among two desktops of the same user. Whoever is
// at the other one is told so, until the icon comes back.
func TestSeatMovesToTheNewest(t *testing.T) {
	a, b := bed.Start(t, noDisplay()), bed.Start(t, noDisplay())
	r := newSeatRig(t, a, placeOf(a), true)
	a.Tray.WaitIcon()
	at, other := a, b
	for range 4 {
		r.promote(placeOf(other))
		r.soon("the icon on one desktop", func() bool { return other.Tray.Icons() == 1 && at.Tray.Icons() == 0 })
		note := at.Notes.WaitOpen("that it has moved", func(n bed.Note) bool { return n.Summary == "Keyfob has moved" })
		if want := "Keyfob's icon is on the other desktop now. To bring it back, start Keyfob here."; note.Body != want {
			t.Errorf("it says %q", note.Body)
		}
		r.soon("no such note where the icon is", func() bool {
			return !slices.ContainsFunc(other.Notes.All(), func(n bed.Note) bool { return n.Open })
		})
		at, other = other, at
	}
	if got := r.told(); !slices.Equal(got, []bool{true}) || r.buses != 4 {
		t.Errorf("told %v, %d other buses", got, r.buses)
	}
}

// TestSeatAfterLogOut ends the desktop several times, and with it nothing else:
// somebody is signing in meanwhile. Icon, menu, notifications, lock and sleep
// work again after each log-in.
func TestSeatAfterLogOut(t *testing.T) {
	b := bed.Start(t, noDisplay())
	r := newSeatRig(t, b, placeOf(b), true)
	// Nobody ever comes back from the browser, and nobody's metadata is fetched.
	b.Tray.WaitIcon()
	b.Tray.Click("Plant 4*", "Sign in")
	for range 3 {
		b.Tray.WaitIcon()
		r.soon("a desktop", r.seat.Shown)
		b.LogOut()
		r.soon("the end of the desktop", func() bool { return !r.seat.Shown() })
		noTray(t, "show meanwhile", r.seat.Show(t.Context()))
		b.LogIn()
		r.promote(placeOf(b))
		b.Tray.WaitIcon()
		b.Tray.WaitEntry("Plant 4*", "Sign in")
	}
	r.stop()
	if got := r.told(); !slices.Equal(got, []bool{true, false, true, false, true, false, true}) {
		t.Errorf("told %v", got)
	}
}

// TestSeatHearsLockAndSleepAfterLogIn holds notifications back while the new
// desktop's screen is locked.
func TestSeatHearsLockAfterLogIn(t *testing.T) {
	b := bed.Start(t, noDisplay())
	r := newSeatRig(t, b, placeOf(b), true)
	for round := range 3 {
		b.Tray.WaitIcon()
		saver := owner(t, b, saverName)
		d := r.seat.current().desktop
		lock := func(locked bool) {
			t.Helper()
			r.soon("word of the lock", func() bool {
				if err := saver.Emit(saverPath, saverName+".ActiveChanged", locked); err != nil {
					t.Fatal(err)
				}
				is := make(chan bool, 1)
				if err := d.screen.do(t.Context(), func(context.Context) { is <- d.screen.notices.locked }); err != nil {
					t.Fatal(err)
				}
				return <-is == locked
			})
		}
		lock(true)
		d.screen.complain(t.Context(), "plant4", "It failed", errors.New("because"))
		if len(b.Notes.All()) != 0 {
			t.Errorf("round %d: shown behind a lock: %v", round, b.Notes.All())
		}
		lock(false)
		b.Notes.WaitOpen("what failed", func(n bed.Note) bool { return n.Summary == "It failed" })
		b.LogOut()
		r.soon("the end of the desktop", func() bool { return !r.seat.Shown() })
		b.LogIn()
		r.promote(placeOf(b))
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

// TestSeatEndsWithAPersonsQuit.
func TestSeatEndsWithAPersonsQuit(t *testing.T) {
	b := bed.Start(t, noDisplay())
	r := newSeatRig(t, b, Place{}, false)
	r.promote(placeOf(b))
	b.Tray.WaitIcon()
	b.Tray.Click("Quit")
	r.soon("the end", func() bool { return len(r.ended) == 1 })
}
