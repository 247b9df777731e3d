//go:build linux

package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/keychain"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// plant4 is the tool of a station.
const plant4 = "plant4"

// station is a user's session without a screen: a bus, a keychain, settings
// with one tool, and a provider whose token endpoint counts and can be held.
type station struct {
	*rig
	provider *provider
	tool     auth.Tool
	store    *keychain.Direct // the keychain
	bus      string           // the bus's address
}

// newStation starts a station. user is who signs in: a long name makes large
// tokens.
func newStation(t *testing.T, user string) *station {
	t.Helper()
	return newStationOn(t, user, bed.Options{NoDisplay: true, NoTray: true, NoNotes: true})
}

func newStationOn(t *testing.T, user string, o bed.Options) *station {
	t.Helper()
	s := &station{rig: newRigOf(t, o, "keyfob"), provider: newProvider(t, user)}
	s.tool = auth.Tool{
		ID: plant4, Name: "ThingWorx Plant 4", Provider: "oidc", Issuer: s.provider.issuer, ClientID: "renews", ClientAuth: auth.ClientAuthNone,
		Scopes: []string{"openid", "profile", "offline_access"}, Redirect: "http://127.0.0.1/callback",
	}
	s.settings(
		fmt.Sprintf(
			"[tools.%s]\nname = %q\nissuer = %q\nclient_id = %q\nscopes = [\"openid\", \"profile\", \"offline_access\"]\nredirect = %q\n",
			s.tool.ID,
			s.tool.Name,
			s.tool.Issuer,
			s.tool.ClientID,
			s.tool.Redirect,
		),
	)
	for _, v := range s.Env() {
		if address, ok := strings.CutPrefix(v, "DBUS_SESSION_BUS_ADDRESS="); ok {
			s.bus = address
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", address) // for the store
		}
	}
	s.store = keychain.NewDirect("keyfob")
	t.Cleanup(s.store.Close)
	// Whoever opens a browser is noted, and gets none.
	opener := "#!/bin/sh\necho \"$1\" >>'" + s.opened() + "'\nexit 3\n"
	if err := os.WriteFile(filepath.Join(s.Dir, "bin", "xdg-open"), []byte(opener), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if b, err := os.ReadFile(s.opened()); err == nil {
			t.Errorf("a browser was opened:\n%s", b)
		}
	})
	return s
}

func (s *station) opened() string { return filepath.Join(s.Dir, "opened") }

// lock is the file that processes lock which work on the tool's session.
func (s *station) lock() string {
	return filepath.Join(s.Runtime, "keyfob", "session-"+plant4+".lock")
}

// signIn signs in at the provider and returns what it issued, stored nowhere.
func (s *station) signIn() auth.Tokens {
	s.t.Helper()
	memory := keychain.NewMemory()
	client := &oidc.Client{Now: time.Now}
	person := &authtest.Browser{Person: idp.Person{Username: s.provider.user, Password: "pw"}}
	m := engine.New(engine.Config{
		Tools: []auth.Tool{s.tool}, Store: memory, Now: time.Now,
		Client:      func(auth.Tool) (*oidc.Client, error) { return client, nil },
		OpenBrowser: func(_ context.Context, u string) error { return person.Open(u) },
		Lock:        func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan struct{})
	go func() { m.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	err := m.SignIn(ctx, plant4, session.SignInOptions{})
	if err := errors.Join(err, person.Wait()); err != nil {
		s.t.Fatal(err)
	}
	t, err := memory.Load(ctx, plant4)
	if err != nil {
		s.t.Fatal(err)
	}
	return t
}

// expired signs in, lets the access token be over, and stores that.
func (s *station) expired() auth.Tokens {
	s.t.Helper()
	old := s.signIn()
	for _, at := range []*time.Time{&old.SignedInAt, &old.IssuedAt, &old.Expiry} {
		*at = at.Add(-2 * time.Hour)
	}
	s.save(old)
	return old
}

// save stores a set as a process would, under the lock.
func (s *station) save(t auth.Tokens) {
	s.t.Helper()
	defer s.holdLock()()
	if err := s.store.Save(s.t.Context(), plant4, t); err != nil {
		s.t.Fatal(err)
	}
}

func (s *station) load() auth.Tokens {
	s.t.Helper()
	t, err := s.store.Load(s.t.Context(), plant4)
	if err != nil {
		s.t.Fatal(err)
	}
	return t
}

// child is a run of the program that the test looks after.
type child struct {
	*bed.Process
	out *buffer // stdout
}

// run starts the program on a bus with this address.
func (s *station) run(bus string, args ...string) child {
	s.t.Helper()
	cmd := s.Command(s.program(), args...)
	cmd.Env = append(cmd.Env, "DBUS_SESSION_BUS_ADDRESS="+bus)
	c := child{out: &buffer{}}
	cmd.Stdout = c.out
	c.Process = s.StartCommand(cmd)
	return c
}

// token is `keyfob token`, run to its end.
func (s *station) token() result {
	s.t.Helper()
	return s.keyfob("token", plant4)
}

// agent starts the engine without a tray and waits until it listens.
func (s *station) agent() child {
	s.t.Helper()
	c := s.run(s.bus, "agent")
	s.ready()
	return c
}

// ready waits until an engine listens on the socket.
func (s *station) ready() {
	s.t.Helper()
	s.Wait("the engine", func() bool {
		conn, err := net.Dial("unix", s.socket())
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}

// buffer is what a process writes while the test reads it.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
