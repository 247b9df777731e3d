//go:build linux

package e2e_test

import (
	"strings"
	"testing"
	"time"

	"keyfob/auth/idp"
)

// address is the sign-in address that a `keyfob login --no-browser` prints, or
// empty.
func address(c child) string {
	for _, line := range strings.Split(c.Output(), "\n") {
		if strings.HasPrefix(line, "http") && strings.Contains(line, "code_challenge=") {
			return line
		}
	}
	return ""
}

// signInAt has the person sign in at an address.
func (h *headless) signInAt(address string) {
	h.t.Helper()
	if err := (idp.Person{Username: h.provider.user, Password: "pw"}).SignIn(h.t.Context(), address); err != nil {
		h.t.Fatal(err)
	}
}

// TestASecondLoginJoinsTheFirst runs `keyfob login` twice at once: the person
// signs in once, and both end with that.
func TestASecondLoginJoinsTheFirst(t *testing.T) {
	for _, name := range []string{"without an engine", "with an engine"} {
		t.Run(name, func(t *testing.T) {
			h := newHeadless(t, "ann")
			if name == "with an engine" {
				h.startEngine()
			}
			first := h.run(h.bus, "login", plant4, "--no-browser")
			h.Wait("the first one's address", func() bool { return address(first) != "" })
			second := h.run(h.bus, "login", plant4, "--no-browser")
			h.Wait("the second one to join", func() bool {
				return strings.Contains(second.Output(), "another `keyfob login") || address(second) == address(first)
			})
			h.signInAt(address(first))
			for _, c := range []child{first, second} {
				if code := h.Exit(c.Process); code != 0 || !strings.Contains(c.Output(), "signed in") {
					t.Errorf("a login ended with %d: %s", code, c.Output())
				}
			}
			if n := h.provider.faults.Seen("/authorize"); n != 1 {
				t.Errorf("%d sign-in pages, want 1", n)
			}
			if got := h.token(); got.code != 0 || secret(got.out) != h.load().Access {
				t.Errorf("the token afterwards: %d %s", got.code, got.err)
			}
		})
	}
}

// TestALoginTakesOver kills a `keyfob login` while another one waits for it:
// that one opens a page of its own.
func TestALoginTakesOver(t *testing.T) {
	h := newHeadless(t, "ann")
	before := h.signIn() // which is no reason to stop waiting
	before.SignedInAt = before.SignedInAt.Add(-time.Hour)
	h.save(before)
	first := h.run(h.bus, "login", plant4, "--no-browser")
	h.Wait("the first one's address", func() bool { return address(first) != "" })
	second := h.run(h.bus, "login", plant4, "--no-browser", "--timeout", "2m")
	h.Wait("the second one to wait", func() bool { return strings.Contains(second.Output(), "another `keyfob login") })
	if got := h.token(); got.code != 0 {
		t.Errorf("a token meanwhile: %d %s", got.code, got.err)
	}
	if got := h.keyfob("login", plant4, "--no-browser", "--timeout", "1s"); got.code != 1 ||
		!strings.Contains(got.err, "nobody signed in within 1s") {
		t.Errorf("a third one with little time: %d %s", got.code, got.err)
	}
	first.Kill()
	h.Wait("the second one's address", func() bool { return address(second) != "" })
	if address(first) == address(second) {
		t.Error("the second one shows the address of the first, which is gone")
	}
	h.signInAt(address(second))
	if code := h.Exit(second.Process); code != 0 || !strings.Contains(second.Output(), "signed in") {
		t.Errorf("the second one ended with %d: %s", code, second.Output())
	}
}
