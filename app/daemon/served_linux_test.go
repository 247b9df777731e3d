package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/app/config"
	"keyfob/app/holdings"
	"keyfob/app/ledger"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// nowhere is the front of an engine that nobody sees.
type nowhere struct{ server.Desktop }

func (nowhere) Run(ctx context.Context, _ func()) error { <-ctx.Done(); return nil }
func (nowhere) Reload(context.Context) bool             { return false }

func (nowhere) Promote(context.Context, map[string]string) (string, error) {
	return "", errors.ErrUnsupported
}

// lockable is a keychain in memory that is locked when the test says so, and whose
// person gives the password at once.
type lockable struct {
	*memory.Store
	locked atomic.Bool
	asked  atomic.Int32
}

func (l *lockable) Peek(context.Context) error {
	if l.locked.Load() {
		return &auth.Error{Kind: auth.KindKeychain, Code: auth.CodeKeychainLocked, What: "the keychain is locked"}
	}
	return nil
}

func (l *lockable) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	if l.locked.Swap(false) {
		l.asked.Add(1)
	}
	return l.Store.Load(ctx, tool)
}

// served is an engine behind its socket.
type served struct {
	t        *testing.T
	dir      string
	settings string
	store    *lockable
	ended    chan error
}

const (
	plant4 = "[tools.plant4]\nname = \"Plant 4\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n"
	plant5 = "[tools.plant5]\nname = \"Plant 5\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n"
)

// serve runs an engine of that kind until the test ends, with the tool plant4,
// whose session the keychain holds.
func serve(t *testing.T, kind Kind) *served {
	t.Helper()
	run, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(run) })
	s := &served{
		t: t, dir: filepath.Join(run, "keyfob"), settings: filepath.Join(run, "keyfob.toml"),
		store: &lockable{Store: memory.New()}, ended: make(chan error, 1),
	}
	s.write(s.settings, plant4)
	now := time.Now()
	signedIn := auth.Tokens{Access: "canary", Type: "Bearer", Set: "one", IssuedAt: now, SignedInAt: now, Expiry: now.Add(time.Hour)}
	if err := s.store.Save(t.Context(), "plant4", signedIn); err != nil {
		t.Fatal(err)
	}
	locks := lock.Folders{State: filepath.Join(run, "state"), Runtime: s.dir}
	d, err := Claim(t.Context(), Config{
		Kind: kind, Settings: s.settings, Report: func(error) {},
		Parts: Parts{
			Dir: s.dir, Locks: locks, Store: s.store, Now: time.Now,
			OpenBrowser: func(context.Context, string) error { return errors.ErrUnsupported },
		},
		Holdings: holdings.Holdings{Store: s.store, Ledger: ledger.Ledger{}, Locks: locks},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { s.ended <- d.Run(ctx, nowhere{}, nil) }()
	t.Cleanup(func() {
		cancel()
		if err := <-s.ended; err != nil {
			t.Error(err)
		}
		s.ended <- nil
	})
	return s
}

func (s *served) write(path, text string) {
	s.t.Helper()
	part := path + ".part" // the engine must not find a file that is half written
	if err := errors.Join(os.WriteFile(part, []byte(text), 0o600), os.Rename(part, path)); err != nil {
		s.t.Fatal(err)
	}
}

// client is a caller who means the engine's settings.
func (s *served) client(change ...func(*agent.Config)) *agent.Client {
	c := agent.Config{Dir: s.dir, Settings: s.settings}
	for _, f := range change {
		f(&c)
	}
	return agent.New(c)
}

// TestTheTerminalDecidesWhoIsAsked gets the token of a session in a locked
// keychain: without a terminal the caller is told, and nobody asked.
func TestTheTerminalDecidesWhoIsAsked(t *testing.T) {
	s := serve(t, Background)
	s.store.locked.Store(true)
	if _, err := s.client().Token(t.Context(), "plant4", session.TokenOptions{}); auth.AsError(err) == nil ||
		auth.AsError(err).Code != auth.CodeKeychainLocked || s.store.asked.Load() != 0 {
		t.Errorf("a script, after %d questions: %v", s.store.asked.Load(), err)
	}
	if _, err := s.client().Logout(t.Context(), "plant4", session.SignOutOptions{Local: true}); auth.KindOf(err) != auth.KindKeychain ||
		s.store.asked.Load() != 0 {
		t.Errorf("a script signs out, after %d questions: %v", s.store.asked.Load(), err)
	}
}

// TestATerminalIsAsked is the other half: a person gives the password.
func TestATerminalIsAsked(t *testing.T) {
	s := serve(t, Background)
	s.store.locked.Store(true)
	person := s.client(func(c *agent.Config) { c.Unlock = true })
	got, err := person.Token(t.Context(), "plant4", session.TokenOptions{})
	if err != nil || got.Access != "canary" || s.store.asked.Load() != 1 {
		t.Errorf("a person, after %d questions: %v", s.store.asked.Load(), err)
	}
}

// TestReloadIsInEffectAtOnce changes the settings and says so: the next answer
// follows, for whoever asks.
func TestReloadIsInEffectAtOnce(t *testing.T) {
	s := serve(t, Background)
	s.write(s.settings, plant4+plant5)
	if err := s.client().Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := s.client().Status(t.Context())
	if err != nil || len(all.Snapshots) != 2 || all.Snapshots[1].Tool != "plant5" {
		t.Errorf("after a tool was added: %+v, %v", all.Snapshots, err)
	}
	s.write(s.settings, plant4+"[tools.")
	if err := s.client().Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if all, err = s.client().Status(t.Context()); err != nil || len(all.Snapshots) != 2 || all.Fault == nil {
		t.Errorf("of settings that cannot be read: %d tools, %v, %v", len(all.Snapshots), all.Fault, err)
	}
	s.write(s.settings, plant5)
	if all, err = s.client().Status(t.Context()); err != nil || len(all.Snapshots) != 1 || all.Fault != nil {
		t.Errorf("somebody corrected them: %d tools, %v, %v", len(all.Snapshots), all.Fault, err)
	}
}

// TestAToolThatWasJustAdded asks for its token before the engine has noticed the
// change.
func TestAToolThatWasJustAdded(t *testing.T) {
	s := serve(t, Background)
	s.write(s.settings, plant4+plant5)
	if _, err := s.client().Token(t.Context(), "plant5", session.TokenOptions{}); auth.KindOf(err) != auth.KindSignIn {
		t.Errorf("a tool that was just added: %v", err)
	}
	if _, err := s.client().Token(t.Context(), "plant6", session.TokenOptions{}); auth.AsError(err).Code != auth.CodeUnknownTool {
		t.Errorf("a tool that nobody added: %v", err)
	}
	s.write(s.settings, plant4+"[tools.")
	if _, err := s.client().Token(t.Context(), "plant6", session.TokenOptions{}); auth.KindOf(err) != auth.KindSetup {
		t.Errorf("a tool of settings that cannot be read: %v", err)
	}
}

// TestOtherSettings asks an engine with other settings than its own: both are
// named. One that nobody needs makes room instead.
func TestOtherSettings(t *testing.T) {
	for name, tc := range map[string]struct {
		kind  Kind
		named bool
		same  bool // by another name
		code  string
		ends  bool
	}{
		"an engine that stays, named":     {kind: Alone, named: true, code: auth.CodeAgentSettings},
		"an engine that stays, not named": {kind: Alone},
		"an engine that nobody needs":     {kind: Background, named: true, code: auth.CodeAgentLeaving, ends: true},
		"of nobody's choice":              {kind: Background, code: auth.CodeAgentLeaving, ends: true},
		"the same by another name":        {kind: Alone, named: true, same: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, tc.kind)
			other := filepath.Join(t.TempDir(), "other.toml")
			if tc.same {
				if err := os.Symlink(s.settings, other); err != nil {
					t.Fatal(err)
				}
			} else {
				s.write(other, plant5)
			}
			c := s.client(func(c *agent.Config) { c.Settings, c.Named = other, tc.named })
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			_, err := c.Token(ctx, "plant4", session.TokenOptions{})
			if tc.ends {
				if ended := <-s.ended; ended != nil || err == nil {
					t.Errorf("it ended with %v, and told %v", ended, err)
				}
				s.ended <- nil
				return
			}
			if e := auth.AsError(err); (e == nil) != (tc.code == "") || e != nil && (e.Code != tc.code ||
				!strings.Contains(e.What, other) || !strings.Contains(e.What, s.settings)) {
				t.Errorf("told %v", err)
			}
		})
	}
}

// TestWhoMakesRoom: an engine that a command started makes room for one that is to
// stay, and one that stays itself does not.
func TestWhoMakesRoom(t *testing.T) {
	for kind, want := range map[Kind]string{Background: "", Alone: auth.CodeRunning, Tray: auth.CodeRunning} {
		s := serve(t, kind)
		if _, err := s.client().Token(t.Context(), "plant4", session.TokenOptions{}); err != nil {
			t.Fatal(err)
		}
		code := ""
		for {
			err := s.client().Yield(t.Context())
			if code = ""; err != nil {
				code = auth.AsError(err).Code
			}
			if code != auth.CodeAgentInUse {
				break
			}
			time.Sleep(time.Millisecond) // the client before is about to leave
		}
		if code != want {
			t.Errorf("kind %d says %q, want %q", kind, code, want)
		}
		if want == "" {
			if err := <-s.ended; err != nil {
				t.Error(err)
			}
			s.ended <- nil
		}
	}
}

// TestAnEngineInUseMakesNoRoom: another client waits for it.
func TestAnEngineInUseMakesNoRoom(t *testing.T) {
	s := serve(t, Background)
	err := s.client().Watch(t.Context(), func([]session.Snapshot) error {
		if err := s.client().Yield(t.Context()); err == nil || auth.AsError(err).Code != auth.CodeAgentInUse {
			t.Errorf("with a watcher: %v", err)
		}
		return errors.ErrUnsupported
	})
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
}

// TestStatusSaysUntilWhen has the keychain take no tokens: status of an engine that
// nobody sees says until when it has them.
func TestStatusSaysUntilWhen(t *testing.T) {
	for name, kind := range map[string]Kind{"that a command started": Background, "that stays": Alone} {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			d := &Daemon{settings: &Settings{good: &config.Settings{}}, life: newLife(kind == Alone, time.Now), now: time.Now}
			held := auth.Tokens{
				Access: "canary", Type: "Bearer", Set: "one", IssuedAt: now, SignedInAt: now, Expiry: now.Add(24 * time.Hour),
			}
			d.sessions = engine.New(engine.Config{
				Tools: []auth.Tool{{ID: "plant4", Name: "Plant 4"}}, Store: full{memory.New()}, Now: time.Now,
				Lock:     func(context.Context, string) (func(), error) { return func() {}, nil },
				OnDemand: kind == Background, InMemory: []engine.Held{{Tool: "plant4", Tokens: held}},
			})
			if err := Running(t.Context(), d.sessions, func() error {
				all, err := answers{d}.Status(t.Context())
				if err != nil || len(all.Snapshots) != 1 || all.Snapshots[0].Store != session.StoreMemory {
					t.Fatalf("%+v, %v", all.Snapshots, err)
				}
				until := all.Snapshots[0].MemoryUntil
				if soon := until.Sub(now.Add(12 * time.Hour)); kind == Alone && !until.IsZero() || kind != Alone && soon.Abs() > time.Minute {
					t.Errorf("it has the tokens until %v", until)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// full is a keychain that takes nothing.
type full struct{ keychain.Store }

func (full) Save(context.Context, string, auth.Tokens) error {
	return &auth.Error{Kind: auth.KindKeychain, Code: auth.CodeKeychainAbsent, What: "there is no keychain"}
}
