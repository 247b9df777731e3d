package app

import (
	"context"
	"fmt"
	"os"
	"time"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/app/demo"
	"keyfob/auth/keychain"
)

// demoWorld is what a demo runs in: a provider, a keychain service and a
// folder, all apart from the user's own.
type demoWorld struct {
	demo  *demo.Demo
	dir   string
	store *keychain.Child
}

// newDemoWorld starts the provider. close deletes the demo's tokens and its
// folder, also after an interruption.
func newDemoWorld(ctx context.Context, alone bool) (w demoWorld, close func(), err error) {
	if w.demo, err = demo.Start(ctx, alone); err != nil {
		return w, nil, err
	}
	w.store = childKeychain(demo.Service)
	if w.dir, err = os.MkdirTemp("", "keyfob-demo"); err != nil {
		return w, nil, fmt.Errorf("the demo has no place for its socket: %w", err)
	}
	return w, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		for _, t := range w.demo.Tools {
			_ = w.store.Delete(ctx, t.ID)
		}
		w.store.Close()
		_ = os.RemoveAll(w.dir)
	}, nil
}

// demoTray runs the demo in the tray until it is quit.
func (h host) demoTray(ctx context.Context) error {
	w, done, err := newDemoWorld(ctx, false)
	if err != nil {
		return err
	}
	defer done()
	e, err := daemon.Claim(daemon.Config{
		Parts: h.parts(w.store, w.store, w.dir, false), Report: func(err error) { cli.Report(h.err, err) },
		Fixed: &config.Settings{Tools: w.demo.Tools, ClearAfter: config.DefaultClearAfter},
	})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(h.err, "the demo's provider is %s; sign in as %s with the password %s\n", w.demo.Issuer, demo.User, demo.User)
	return h.show(ctx, e, w.dir, "")
}

// demoHeadless plays the demo to its end without a screen.
func (h host) demoHeadless(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w, done, err := newDemoWorld(ctx, true)
	if err != nil {
		return err
	}
	defer done()
	h.open = func(_ context.Context, address string) error {
		// Nobody waits for what a person does in a browser.
		go func() { _ = w.demo.Person().SignIn(ctx, address) }()
		return nil
	}
	m := daemon.NewSessions(w.demo.Tools, nil, h.parts(w.store, w.store, w.dir, false))
	return daemon.Running(ctx, m, func() error { return w.demo.Play(ctx, m, h.out) })
}
