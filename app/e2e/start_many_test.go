//go:build linux

package e2e_test

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"time"
)

// TestFiftyCommandsAndNoEngine has them all want the token at once when it is over:
// one engine is started, one request goes to the provider, and all get the same.
func TestFiftyCommandsAndNoEngine(t *testing.T) {
	h := newHeadless(t, "ann")
	h.storeExpired()
	before := h.provider.asked()
	all := make([]child, many)
	began := time.Now()
	for i := range all {
		all[i] = h.run(h.bus, "token", plant4)
	}
	h.sameToken(all)
	t.Logf("%d commands had the token after %v", many, time.Since(began).Round(time.Millisecond))
	if n := h.provider.asked() - before; n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
	standsAlone(t, h.engine())
}

// TestEnginesKilledAtAnyMoment kills engines and the commands that start them. The
// next command has the token each time, and one engine is there at most.
func TestEnginesKilledAtAnyMoment(t *testing.T) {
	h := newHeadless(t, "ann")
	token := h.signedIn()
	for range 20 {
		h.endEngines()
		first := h.run(h.bus, "token", plant4)
		time.Sleep(rand.N(15 * time.Millisecond)) // any moment will do
		if rand.N(2) == 0 {
			first.Kill()
		}
		for _, pid := range h.engines() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		if got := h.token(); got.code != 0 || got.out != token {
			t.Errorf("the next command: %d %s", got.code, got.err)
		}
		_ = h.Exit(first.Process) // with whatever it made of that
		h.Wait("one engine", func() bool { return len(h.engines()) == 1 })
	}
	if n := h.provider.asked(); n != 0 {
		t.Errorf("%d refreshes for nothing", n)
	}
}
