package caller_test

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/app/agent"
	"keyfob/app/caller"
	"keyfob/app/folders"
	"keyfob/app/lock"
)

// TestQuitWaits waits for an engine that answers nobody any more, since another
// command has told it to end, or its socket is gone.
func TestQuitWaits(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	dir, err := folders.RuntimeDir()
	if err != nil {
		t.Fatal(err)
	}
	if ran, err := caller.Quit(t.Context(), true); ran || err != nil {
		t.Fatalf("no engine: %t, %v", ran, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	engine, err := lock.Open(filepath.Join(dir, agent.LockFile))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Bool
		time.AfterFunc(time.Second, func() {
			ended.Store(true)
			if err := engine.Release(); err != nil {
				t.Error(err)
			}
		})
		if ran, err := caller.Quit(t.Context(), true); !ran || err != nil || !ended.Load() {
			t.Errorf("ran: %t, ended: %t, %v", ran, ended.Load(), err)
		}
	})
	if ran, err := caller.Quit(t.Context(), true); ran || err != nil {
		t.Errorf("it has ended: %t, %v", ran, err)
	}
}
