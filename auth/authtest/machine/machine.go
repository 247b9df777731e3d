// Package machine is a person at a machine for tests with real providers: Keyfob's
// sessions, a keychain in memory, and a browser whose person fills in forms
// over HTTP. It knows no provider, and must never be linked into a program.
package machine

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// Machine is a running [engine.Manager] with all that it needs.
type Machine struct {
	*engine.Manager
	Client *oidc.Client
	Store  *memory.Store
	Person *Person

	t       testing.TB
	browser sync.WaitGroup
	ahead   atomic.Int64 // nanoseconds: how far this machine's clock is ahead

	mu    sync.Mutex
	pages []string // on which the person ended, in order
}

// patience is how long a sign-in may take on a machine with other things to do.
const patience = time.Minute

// New returns a machine at which person may sign in to the tools, until the test
// ends.
func New(t testing.TB, person *Person, client *oidc.Client, tools ...auth.Tool) *Machine {
	t.Helper()
	d := &Machine{t: t, Client: client, Store: memory.New(), Person: person}
	client.Now = d.Now
	d.Manager = engine.New(engine.Config{
		Tools: tools, Store: d.Store, Now: d.Now, OpenBrowser: d.open,
		Client: func(auth.Tool) (*oidc.Client, error) { return client, nil },
		Lock:   func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() { d.Run(ctx); close(ended) }()
	t.Cleanup(func() { stop(); <-ended; d.browser.Wait() })
	return d
}

// Now is the time on this machine's clock.
func (d *Machine) Now() time.Time { return time.Now().Add(time.Duration(d.ahead.Load())) }

// Pass puts this machine's clock ahead, as a sleep does.
func (d *Machine) Pass(by time.Duration) {
	d.t.Helper()
	d.ahead.Add(int64(by))
	if err := d.Wake(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// open starts the browser, and as a desktop does, waits for nothing. A person
// who ends on a page of the provider's own gives the sign-in up.
func (d *Machine) open(_ context.Context, address string) error {
	d.browser.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		page, err := d.Person.Open(ctx, address)
		if err != nil {
			page += err.Error()
		}
		d.mu.Lock()
		d.pages = append(d.pages, page)
		d.mu.Unlock()
		if strings.Contains(page, "Keyfob") {
			return
		}
		all, err := d.Snapshots(ctx)
		for _, s := range all {
			if err == nil && s.State == session.SigningIn {
				err = d.CancelSignIn(ctx, s.Tool)
			}
		}
	})
	return nil
}

// Page is the page on which the person ended last.
func (d *Machine) Page() string {
	d.t.Helper()
	d.browser.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.pages) == 0 {
		d.t.Fatal("no browser was opened")
	}
	return d.pages[len(d.pages)-1]
}

// TrySignIn signs the person in, whatever comes of it, and holds what the page
// says against that.
func (d *Machine) TrySignIn(tool string, o session.SignInOptions) error {
	d.t.Helper()
	d.browser.Wait()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	err := d.Manager.SignIn(ctx, tool, o)
	if page := d.Page(); strings.Contains(page, "<h1>Signed in") != (err == nil) {
		d.t.Errorf("with the result %v the person was shown\n%s", err, page)
	}
	return err
}

// SignIn signs the person in and returns what is in the keychain then.
func (d *Machine) SignIn(tool string) auth.Tokens {
	d.t.Helper()
	if err := d.TrySignIn(tool, session.SignInOptions{}); err != nil {
		d.t.Fatalf("%v (%s); the person ended on\n%s", err, auth.AsError(err).Note(), d.Page())
	}
	return d.Tokens(tool)
}

// Tokens is what the keychain holds.
func (d *Machine) Tokens(tool string) auth.Tokens {
	d.t.Helper()
	t, err := d.Store.Load(d.t.Context(), tool)
	if err != nil {
		d.t.Fatal(err)
	}
	return t
}

// Renew makes Keyfob renew the tool's tokens now, as `keyfob token --min-valid`
// does.
func (d *Machine) Renew(tool string) (auth.Tokens, error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	before := d.Tokens(tool)
	if before.IssuedAt.After(before.SignedInAt) {
		d.Pass(time.Minute) // of one that was just renewed no longer-lived one is asked for
	}
	_, err := d.Token(ctx, tool, session.TokenOptions{MinValid: before.Expiry.Sub(d.Now()) + time.Second})
	after := d.Tokens(tool)
	if after.Access != before.Access {
		err = nil // it was renewed, if for less long than was asked for
	}
	return after, err
}

// Snapshot is what a person is told of the tool's session.
func (d *Machine) Snapshot(tool string) session.Snapshot {
	d.t.Helper()
	all, err := d.Snapshots(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, s := range all {
		if s.Tool == tool {
			return s
		}
	}
	d.t.Fatalf("no session of %s", tool)
	return session.Snapshot{}
}
