package app

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/app/demo"
	"keyfob/app/desktop"
	"keyfob/app/holdings"
	"keyfob/app/lock"
	"keyfob/auth/keychain"
)

// demoRun is what a demo runs with: a provider, a keychain service and a folder,
// all apart from the user's own.
type demoRun struct {
	demo  *demo.Demo
	dir   string
	store *keychain.Child
}

// newDemoRun starts the provider. close deletes the demo's tokens and its
// folder, also after an interruption.
func newDemoRun(ctx context.Context, scripted bool) (r demoRun, close func(), err error) {
	if r.demo, err = demo.Start(ctx, scripted); err != nil {
		return r, nil, err
	}
	r.store = childKeychain(demo.Service)
	if r.dir, err = os.MkdirTemp("", "keyfob-demo"); err != nil {
		return r, nil, fmt.Errorf("the demo has no place for its socket: %w", err)
	}
	return r, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		for _, t := range r.demo.Tools {
			_ = r.store.Delete(ctx, t.ID)
		}
		r.store.Close()
		_ = os.RemoveAll(r.dir)
	}, nil
}

// demoTray runs the demo in the tray until it is quit.
func (h host) demoTray(ctx context.Context) error {
	r, done, err := newDemoRun(ctx, false)
	if err != nil {
		return err
	}
	defer done()
	e, err := daemon.Claim(ctx, daemon.Config{
		Kind: daemon.Tray, Parts: h.parts(r.store, r.store, lock.Folders{Runtime: r.dir}), Report: func(err error) { cli.Report(h.err, err) },
		Fixed: &config.Settings{Tools: r.demo.Tools, ClearAfter: config.DefaultClearAfter},
	})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(h.err, "the demo's provider is %s; sign in as %s with the password %s\n", r.demo.Issuer, demo.User, demo.User)
	return h.show(ctx, front{engine: e, dir: r.dir, first: desktop.Here(h.getenv), helper: r.store}, holdings.Holdings{})
}

// demoHeadless plays the demo to its end without a screen.
func (h host) demoHeadless(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var person sync.WaitGroup
	defer func() { stop(); person.Wait() }()
	r, done, err := newDemoRun(ctx, true)
	if err != nil {
		return err
	}
	defer done()
	h.open = func(_ context.Context, address string) error {
		// As with a browser, opening the address does not wait for the person.
		person.Go(func() { _ = r.demo.Person().SignIn(ctx, address) })
		return nil
	}
	m := daemon.NewSessions(r.demo.Tools, nil, h.parts(r.store, r.store, lock.Folders{Runtime: r.dir}))
	return daemon.Running(ctx, m, func() error { return r.demo.Play(ctx, m, h.out) })
}
