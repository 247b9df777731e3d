//go:build linux && cgo

package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/session"
)

// engine is an engine whose sessions the test sets, behind the real socket.
type engine struct {
	server.Sessions
	server.Desktop
	t    *testing.T
	dir  string
	stop func() // ends it, and waits

	mu    sync.Mutex
	snaps []session.Snapshot
	news  chan struct{} // closed at the next change
	asked []string
	fails error // what the next sign-in fails with

	tokens auth.Tokens // of every tool

	done chan struct{} // closed when a person has signed in
}

func startEngine(t *testing.T, snaps ...session.Snapshot) *engine {
	t.Helper()
	dir, err := os.MkdirTemp("", "kf") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	listener, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{t: t, dir: dir, snaps: snaps, news: make(chan struct{}), done: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- listener.Serve(ctx, server.Engine{Sessions: e, Desktop: e})
	}()
	e.stop = sync.OnceFunc(func() {
		cancel()
		if err := errors.Join(<-ended, listener.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(e.stop)
	return e
}

// set changes the sessions.
func (e *engine) set(snaps ...session.Snapshot) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.snaps = snaps
	close(e.news)
	e.news = make(chan struct{})
}

func (e *engine) Watch(ctx context.Context) <-chan []session.Snapshot {
	c := make(chan []session.Snapshot)
	go func() {
		defer close(c)
		for {
			e.mu.Lock()
			snaps, news := e.snaps, e.news
			e.mu.Unlock()
			select {
			case c <- snaps:
			case <-ctx.Done():
				return
			}
			select {
			case <-news:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

// note remembers a request.
func (e *engine) note(op, tool string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked = append(e.asked, op+" "+tool)
	return nil
}

func (e *engine) CancelSignIn(_ context.Context, tool string) error { return e.note("cancel", tool) }

func (e *engine) Later(_ context.Context, tool string) error { return e.note("later", tool) }

func (e *engine) SignOut(_ context.Context, tool string, _ session.SignOutOptions) (session.SignOutResult, error) {
	return session.SignOutResult{}, e.note("logout", tool)
}

func (e *engine) Copy(_ context.Context, tool string, as agent.CopyAs) error {
	return e.note(strings.TrimSpace("copy "+string(as)), tool)
}

// failOnce makes the next sign-in fail.
func (e *engine) failOnce(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fails = err
}

// SignIn waits for a person like the real one, or fails if it is to.
func (e *engine) SignIn(ctx context.Context, tool string, _ session.SignInOptions) error {
	_ = e.note("login", tool)
	e.mu.Lock()
	err := e.fails
	e.fails = nil
	e.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-e.done:
	}
	return ctx.Err()
}

// signedIn lets the sign-ins under way work.
func (e *engine) signedIn() { close(e.done) }

// waitAsked waits until exactly these requests have come.
func (e *engine) waitAsked(b *bed.Bed, want ...string) {
	e.t.Helper()
	b.Wait(strings.Join(want, ", "), func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return slices.Equal(e.asked, want)
	})
}

func (e *engine) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.asked)
}

// prompt starts the window program to ask to sign in.
func (e *engine) prompt(b *bed.Bed, tools ...string) *bed.Process {
	e.t.Helper()
	return e.start(b, nil, nil, append([]string{"prompt"}, tools...)...)
}

// start starts the window program with an input, or nil for an empty one, and with
// something in its environment.
func (e *engine) start(b *bed.Bed, in *os.File, env []string, args ...string) *bed.Process {
	e.t.Helper()
	self, err := os.Executable()
	if err != nil {
		e.t.Fatal(err)
	}
	cmd := b.Command(self, slices.Insert(args, 1, "--dir", e.dir)...)
	cmd.Env = b.Env(append([]string{asWindow + "=1", "LANG=en"}, env...)...)
	if in != nil {
		cmd.Stdin = in
	}
	return b.StartCommand(cmd)
}
