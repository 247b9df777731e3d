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
	for _, name := range []string{"with no engine yet", "with an engine"} {
		t.Run(name, func(t *testing.T) {
			h := newHeadless(t, "ann")
			if name == "with an engine" {
				h.startEngine()
			}
			first := h.run(h.bus, "login", plant4, "--no-browser")
			h.Wait("the first one's address", func() bool { return address(first) != "" })
			second := h.run(h.bus, "login", plant4, "--no-browser")
			h.Wait("the second one to join", func() bool { return address(second) == address(first) })
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

// TestALoginGoesOn kills the `keyfob login` that began a sign-in while another one
// waits for it: the page is still good. When nobody waits any more the sign-in
// ends, and the next one has a page of its own.
func TestALoginGoesOn(t *testing.T) {
	h := newHeadless(t, "ann")
	before := h.signIn() // which is no reason to stop waiting
	before.SignedInAt = before.SignedInAt.Add(-time.Hour)
	h.save(before)
	pages := h.provider.faults.Seen("/authorize")
	first := h.run(h.bus, "login", plant4, "--no-browser")
	h.Wait("the first one's address", func() bool { return address(first) != "" })
	second := h.run(h.bus, "login", plant4, "--no-browser", "--timeout", "2m")
	h.Wait("the second one to join", func() bool { return address(second) == address(first) })
	if got := h.token(); got.code != 0 {
		t.Errorf("a token meanwhile: %d %s", got.code, got.err)
	}
	if got := h.keyfob("login", plant4, "--no-browser", "--timeout", "1s"); got.code != 1 ||
		!strings.Contains(got.err, "nobody signed in within 1s") {
		t.Errorf("a third one with little time: %d %s", got.code, got.err)
	}
	first.Kill()
	h.signInAt(address(first))
	if code := h.Exit(second.Process); code != 0 || !strings.Contains(second.Output(), "signed in") {
		t.Errorf("the second one ended with %d: %s", code, second.Output())
	}
	alone := h.run(h.bus, "login", plant4, "--no-browser")
	h.Wait("the next one's address", func() bool { return address(alone) != "" })
	alone.Kill()
	h.Wait("the end of its sign-in", func() bool { return !strings.Contains(h.keyfob("status", plant4).out, "signing in") })
	last := h.run(h.bus, "login", plant4, "--no-browser")
	h.Wait("the last one's address", func() bool { return address(last) != "" })
	if address(last) == address(alone) {
		t.Error("it shows the address of a sign-in that nobody waited for")
	}
	h.signInAt(address(last))
	if code := h.Exit(last.Process); code != 0 {
		t.Errorf("the last one ended with %d: %s", code, last.Output())
	}
	if n := h.provider.faults.Seen("/authorize") - pages; n != 2 {
		t.Errorf("%d sign-in pages, want 2", n)
	}
}
