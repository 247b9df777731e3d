//go:build linux

package e2e_test

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestQuitOfAHangingEngine asks an engine to end that was stopped. The command says
// within five seconds that it does not answer, and what it asked for does not
// happen later, when nobody expects it any more.
func TestQuitOfAHangingEngine(t *testing.T) {
	h := newHeadless(t, "ann")
	engine := h.startEngine()
	for _, args := range [][]string{{"quit"}, {"quit", "--wait"}} {
		if err := engine.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		got := h.keyfob(args...)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%v took %v", args, took)
		}
		if got.code != 4 || !strings.Contains(got.err, "does not answer") {
			t.Errorf("%v ended with %d: %s", args, got.code, got.err)
		}
		if err := engine.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		if got := h.keyfob("status"); got.code != 0 || !engine.Running() {
			t.Errorf("afterwards: status ended with %d, the engine runs: %v: %s", got.code, engine.Running(), got.err)
		}
	}
	if got := h.keyfob("quit", "--wait"); got.code != 0 {
		t.Errorf("quit ended with %d: %s", got.code, got.err)
	}
	if h.Listener(h.socket()) != 0 {
		t.Error("quit --wait did not wait for the end")
	}
	if code := h.Exit(engine.Process); code != 0 {
		t.Errorf("the engine ended with %d", code)
	}
	if got := h.keyfob("quit"); got.code != 0 || !strings.Contains(got.err+got.out, "not running") {
		t.Errorf("without an engine: %d: %s%s", got.code, got.out, got.err)
	}
}
