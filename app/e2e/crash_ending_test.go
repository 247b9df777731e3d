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
// answer is on the way. It is still taken and stored, whatever asked.
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

// TestTheKeychainDiesDuringARefresh ends the keychain while a command waits for
// the provider. A keychain that comes back at once gets the new set; without
// one the command prints its token and says that the session is not stored.
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
				if !strings.Contains(p.Output(), "could not be stored") {
					t.Errorf("it says %q", p.Output())
				}
				h.UnlockKeyring()
				h.provider.reset(false)
				if got := h.token(); got.code != 3 || !strings.Contains(got.err, "cut off before its answer was stored") {
					t.Errorf("the next command ended with %d: %s", got.code, got.err)
				}
				return
			}
			if left := h.load(); left.Access != want || p.Output() != "" {
				t.Errorf("the new set is stored: %v; it says %q", left.Access == want, p.Output())
			}
		})
	}
}
