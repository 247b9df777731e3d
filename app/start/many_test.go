//go:build linux

package start_test

import (
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestFiftyCommandsStartOneEngine runs them all at once.
func TestFiftyCommandsStartOneEngine(t *testing.T) {
	for _, does := range []string{"", "late"} {
		r := newRig(t, does)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { r.answered(r.command()) })
		}
		all.Wait()
		if n := r.one(); !n.Claimed {
			t.Error("it is not the engine")
		}
	}
}

// TestAStarterThatIsKilled kills commands at any moment of a start. The next one has
// an engine, and of those that were started one is left.
func TestAStarterThatIsKilled(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	for range rounds {
		r := newRig(t, "")
		for range 3 {
			cmd := r.command()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(rand.N(12 * time.Millisecond)) // any moment will do
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		r.answered(r.command())
		left := 0
		for _, n := range r.notes() {
			if n.Claimed {
				left++
				continue
			}
			r.gone(n.PID)
		}
		if left != 1 {
			t.Errorf("%d processes became the engine, want one", left)
		}
	}
}

// TestACommandThatIsStopped holds the lock as a command does that was stopped in the
// middle of a start. Others wait for its engine, and not for ever.
func TestACommandThatIsStopped(t *testing.T) {
	t.Parallel()
	r := newRig(t, "late")
	first := r.command()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = first.Process.Kill(), first.Wait() }()
	for len(r.notes()) == 0 { // the engine is up, and the command is about to be told
		time.Sleep(time.Millisecond)
	}
	_ = first.Process.Signal(syscall.SIGSTOP)
	r.answered(r.command())
	r.one()
}
