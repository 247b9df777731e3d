//go:build linux

package e2e_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestAskedToEnd asks a command and an engine to end while the provider's
// answer is on the way. It is still taken and stored, whoever is asked: a
// command's engine goes on without it.
func TestAskedToEnd(t *testing.T) {
	h := newHeadless(t, "ann")
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		for _, line := range []string{"token " + plant4, "agent"} {
			old := h.storeExpired()
			g := newGate()
			h.provider.hold(nil, g)
			p := h.run(h.bus, strings.Fields(line)...)
			<-g.reached
			if err := p.Signal(signal); err != nil {
				t.Fatal(err)
			}
			want, _ := h.provider.issued()
			close(g.open)
			h.Exit(p.Process)
			h.Wait("the new set in the keychain", func() bool { return h.load().Access != old.Access && !h.load().RefreshUnproven })
			h.endEngines()
			if left := h.load(); want == "" || left.Access != want || left.Access == old.Access || left.RefreshUnproven {
				t.Errorf(
					"`keyfob %s` and %v: the new set is stored: %v, checked: %v",
					line,
					signal,
					left.Access == want,
					!left.RefreshUnproven,
				)
			}
		}
	}
}

// TestTheKeychainDiesDuringARefresh ends the keychain while an engine that a
// command started waits for the provider. A keychain that comes back gets the new
// set, at once or later; until then the engine's memory has it, and status says so.
func TestTheKeychainDiesDuringARefresh(t *testing.T) {
	for _, back := range []bool{true, false} {
		t.Run(fmt.Sprintf("back %v", back), func(t *testing.T) {
			h := newHeadless(t, "ann")
			h.storeExpired()
			g := newGate()
			h.provider.hold(nil, g)
			p := h.run(h.bus, "token", plant4)
			<-g.reached
			h.KillKeyring()
			want, _ := h.provider.issued()
			if back {
				h.UnlockKeyring()
			}
			close(g.open)
			if code := h.Exit(p.Process); code != 0 || secret(p.out.String()) != want {
				t.Errorf("it ended with %d: %s", code, p.Output())
			}
			if !back {
				if got := h.keyfob("status", plant4); !strings.Contains(got.out, "in memory only") {
					t.Errorf("status says %q", got.out)
				}
				h.UnlockKeyring()
			}
			h.Wait("the new set in the keychain", func() bool { return h.load().Access == want })
			if got := h.token(); got.code != 0 || secret(got.out) != want {
				t.Errorf("the next command ended with %d: %s", got.code, got.err)
			}
			if n := h.provider.asked(); n != 1 {
				t.Errorf("%d refreshes, want 1", n)
			}
		})
	}
}
