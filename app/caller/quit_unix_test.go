//go:build unix

package caller_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyfob/app/agent/server"
	"keyfob/app/caller"
)

// TestQuitWaitsForOneEngine quits an engine in whose place somebody starts the next
// one at once: that is not waited for.
func TestQuitWaitsForOneEngine(t *testing.T) {
	run, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(run) }()
	t.Setenv("XDG_RUNTIME_DIR", run)
	dir := filepath.Join(run, "keyfob")
	first, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, quit := context.WithCancel(t.Context())
	both := make(chan error, 1)
	all, end := context.WithCancel(t.Context())
	go func() {
		err := errors.Join(first.Serve(ctx, server.Engine{Quit: quit}), first.Close())
		next, fault := server.Listen(dir)
		if fault == nil {
			fault = errors.Join(next.Serve(all, server.Engine{}), next.Close())
		}
		both <- errors.Join(err, fault)
	}()
	began := time.Now()
	if ran, err := caller.Quit(t.Context(), true); !ran || err != nil {
		t.Errorf("%v, %v", ran, err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	end()
	if err := <-both; err != nil {
		t.Error(err)
	}
}
