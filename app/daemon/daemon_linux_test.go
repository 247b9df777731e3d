package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
)

// slowToEnd is a keychain whose reading takes as long as it likes, whoever
// waits for it.
type slowToEnd struct {
	keychain.Store
	began, goOn chan struct{}
}

// Load implements [keychain.Store].
func (s slowToEnd) Load(context.Context, string) (auth.Tokens, error) {
	close(s.began)
	<-s.goOn
	return auth.Tokens{}, keychain.ErrNotFound
}

// gone is where a person sees an engine until they quit it.
type gone struct {
	Front
	until <-chan struct{}
}

func (g gone) Run(context.Context, func()) error {
	<-g.until
	return nil
}

// TestTheClaimOutlivesTheSocket ends an engine that still has something to
// finish. Nobody may take its place before it has.
func TestTheClaimOutlivesTheSocket(t *testing.T) {
	run, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(run) }()
	dir := filepath.Join(run, "keyfob")
	store := slowToEnd{memory.New(), make(chan struct{}), make(chan struct{})}
	ended := make(chan error, 1)
	func() { // so that nothing here keeps the claim alive
		listener, err := server.Listen(dir)
		if err != nil {
			t.Fatal(err)
		}
		m := engine.New(engine.Config{
			Tools: []auth.Tool{{ID: "plant4", Name: "Plant 4"}}, Store: store, Now: time.Now,
			Lock: func(context.Context, string) (func(), error) { return func() {}, nil },
		})
		d := &Daemon{listener: listener, sessions: m, settings: &Settings{}, life: newLife(true, time.Now)}
		go func() { ended <- d.Run(t.Context(), gone{until: store.began}, nil) }()
	}()
	for socket := true; socket; {
		c, err := agent.Dial(t.Context(), dir)
		if err == nil {
			_ = c.Close()
			time.Sleep(time.Millisecond)
		} else if socket = false; !errors.Is(err, agent.ErrNoAgent) {
			t.Error(err)
		}
	}
	for range 3 {
		runtime.GC()
	}
	if other, err := server.Listen(dir); !errors.Is(err, server.ErrRunning) {
		t.Errorf("another engine could start: %v", err)
		_ = other.Close()
	}
	close(store.goOn)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	other, err := server.Listen(dir)
	if err != nil {
		t.Fatalf("after the end: %v", err)
	}
	_ = other.Close()
}
