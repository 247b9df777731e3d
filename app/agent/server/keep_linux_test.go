package server_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
)

// TestARemovedSocketIsMadeAnew removes the socket, all that is in its folder, or
// the folder: clients find the same engine again, and nobody else becomes one.
func TestARemovedSocketIsMadeAnew(t *testing.T) {
	for name, remove := range map[string]func(dir string) error{
		"the socket": func(dir string) error { return os.Remove(filepath.Join(dir, "agent.sock")) },
		"the files": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "agent.sock")), os.Remove(filepath.Join(dir, "engine.lock")))
		},
		"the folder": os.RemoveAll,
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			l, err := server.Listen(dir)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			served, watched := make(chan error, 1), make(chan struct{})
			go func() { served <- l.Serve(ctx, server.Engine{}) }()
			restored := make(chan error, 8)
			go func() {
				defer close(watched)
				l.Watch(ctx, func() { restored <- l.Restore() })
			}()
			for range 3 { // also the one that was made anew
				asks(t, dir)
				if err := remove(dir); err != nil {
					t.Fatal(err)
				}
				if err := <-restored; err != nil {
					t.Fatal(err)
				}
				if !l.There() {
					t.Error("it is not there")
				}
				if _, err := server.Listen(dir); !errors.Is(err, server.ErrRunning) {
					t.Errorf("another one: %v", err)
				}
			}
			asks(t, dir)
			cancel()
			<-watched
			if err := errors.Join(<-served, l.Close()); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(filepath.Join(dir, "agent.sock")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the socket is left: %v", err)
			}
		})
	}
}

// TestARemovedFolderIsAnothers has another process become the engine before the first
// one looks.
func TestARemovedFolderIsAnothers(t *testing.T) {
	dir := folder(t)
	first, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	second, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Restore(); !errors.Is(err, server.ErrRunning) {
		t.Errorf("two engines: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if err := first.Restore(); err != nil || !first.There() {
		t.Errorf("after the other's end: %v", err)
	}
}

// asks has a client find the engine, which answers that it cannot do this.
func asks(t *testing.T, dir string) {
	t.Helper()
	c, err := agent.Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := c.Later(ctx, "a"); errors.Is(err, agent.ErrNoAgent) || err == nil || ctx.Err() != nil {
		t.Errorf("it answered %v", err)
	}
}

// TestWhoRemovesTwice takes the folder away once more as soon as it was made anew,
// as somebody may who is at removing it. The engine soon tries again.
func TestWhoRemovesTwice(t *testing.T) {
	dir := folder(t)
	l, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // less than until the last of its tries
	defer cancel()
	tries := 0
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	l.Watch(ctx, func() {
		if err := l.Restore(); err != nil {
			t.Error(err)
		}
		if tries++; tries > 1 {
			cancel()
		} else if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if tries != 2 || !l.There() {
		t.Errorf("tried %d times; it is there: %t", tries, l.There())
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}
