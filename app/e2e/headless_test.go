//go:build linux

package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/keychain"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// plant4 is the tool of a headless session.
const plant4 = "plant4"

// headless is a user's session without a screen: a bus, a keychain, settings
// with one tool, and a provider whose token endpoint counts and can be held.
type headless struct {
	*desktop
	provider *provider
	tool     auth.Tool
	store    *keychain.Direct // the keychain
	bus      string           // the bus's address
}

// newHeadless starts a session in which user signs in: a long name makes large
// tokens.
func newHeadless(t *testing.T, user string) *headless {
	t.Helper()
	return newHeadlessOn(t, user, bed.Options{NoDisplay: true, NoTray: true, NoNotes: true})
}

func newHeadlessOn(t *testing.T, user string, o bed.Options) *headless {
	t.Helper()
	h := &headless{desktop: newDesktopWith(t, o, "keyfob"), provider: newProvider(t, user)}
	h.tool = auth.Tool{
		ID: plant4, Name: "ThingWorx Plant 4", Provider: "oidc", Issuer: h.provider.issuer, ClientID: "renews",
		ClientAuth: auth.ClientAuthNone,
		Scopes:     []string{"openid", "profile", "offline_access"}, Redirect: "http://127.0.0.1/callback",
	}
	h.settings(
		fmt.Sprintf(
			"[tools.%s]\nname = %q\nissuer = %q\nclient_id = %q\nscopes = [\"openid\", \"profile\", \"offline_access\"]\nredirect = %q\n",
			h.tool.ID,
			h.tool.Name,
			h.tool.Issuer,
			h.tool.ClientID,
			h.tool.Redirect,
		),
	)
	for _, v := range h.Env() {
		if address, ok := strings.CutPrefix(v, "DBUS_SESSION_BUS_ADDRESS="); ok {
			h.bus = address
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", address) // for the store
		}
	}
	h.store = keychain.NewDirect("keyfob")
	t.Cleanup(h.store.Close)
	// Whoever opens a browser is noted, and gets none.
	opener := "#!/bin/sh\necho \"$1\" >>'" + h.openedFile() + "'\nexit 3\n"
	if err := os.WriteFile(filepath.Join(h.Dir, "bin", "xdg-open"), []byte(opener), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if b, err := os.ReadFile(h.openedFile()); err == nil {
			t.Errorf("a browser was opened:\n%s", b)
		}
	})
	t.Cleanup(h.endEngines)
	return h
}

func (h *headless) openedFile() string { return filepath.Join(h.Dir, "opened") }

// lockFile is the file that processes lock which work on the tool's session.
func (h *headless) lockFile() string {
	return filepath.Join(h.Home, ".local", "state", "keyfob", "session-"+plant4+".lock")
}

// signIn signs in at the provider and returns what it issued, stored nowhere.
func (h *headless) signIn() auth.Tokens {
	h.t.Helper()
	kept := memory.New()
	client := &oidc.Client{Now: time.Now}
	person := &authtest.Browser{Person: idp.Person{Username: h.provider.user, Password: "pw"}}
	m := engine.New(engine.Config{
		Tools: []auth.Tool{h.tool}, Store: kept, Now: time.Now,
		Client:      func(auth.Tool) (*oidc.Client, error) { return client, nil },
		OpenBrowser: func(_ context.Context, u string) error { return person.Open(u) },
		Lock:        func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	ctx, cancel := context.WithCancel(h.t.Context())
	ended := make(chan struct{})
	go func() { m.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	err := m.SignIn(ctx, plant4, session.SignInOptions{})
	if err := errors.Join(err, person.Wait()); err != nil {
		h.t.Fatal(err)
	}
	t, err := kept.Load(ctx, plant4)
	if err != nil {
		h.t.Fatal(err)
	}
	return t
}

// storeExpired signs in, lets the access token be over, and stores that.
func (h *headless) storeExpired() auth.Tokens {
	h.t.Helper()
	old := h.signIn()
	for _, at := range []*time.Time{&old.SignedInAt, &old.IssuedAt, &old.Expiry} {
		*at = at.Add(-2 * time.Hour)
	}
	h.save(old)
	return old
}

// save stores a set as a process would, under the lock.
func (h *headless) save(t auth.Tokens) {
	h.t.Helper()
	defer h.holdLock()()
	if err := h.store.Save(h.t.Context(), plant4, t); err != nil {
		h.t.Fatal(err)
	}
}

func (h *headless) load() auth.Tokens {
	h.t.Helper()
	t, err := h.store.Load(h.t.Context(), plant4)
	if err != nil {
		h.t.Fatal(err)
	}
	return t
}

// child is a run of the program that the test looks after.
type child struct {
	*bed.Process
	out *authtest.Buffer // stdout
}

// run starts the program on a bus with this address.
func (h *headless) run(bus string, args ...string) child {
	h.t.Helper()
	cmd := h.Command(h.program(), args...)
	cmd.Env = append(cmd.Env, "DBUS_SESSION_BUS_ADDRESS="+bus)
	c := child{out: &authtest.Buffer{}}
	cmd.Stdout = c.out
	c.Process = h.StartCommand(cmd)
	return c
}

// token is `keyfob token`, run to its end.
func (h *headless) token() result {
	h.t.Helper()
	return h.keyfob("token", plant4)
}

// startEngine starts the engine without a tray and waits until it listens.
func (h *headless) startEngine() child {
	h.t.Helper()
	c := h.run(h.bus, "agent")
	h.waitEngine()
	return c
}

// waitEngine waits until an engine listens on the socket.
func (d *desktop) waitEngine() {
	d.t.Helper()
	d.Wait("the engine", func() bool {
		conn, err := net.Dial("unix", d.socket())
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}
