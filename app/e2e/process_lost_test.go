//go:build linux

package e2e_test

import (
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
)

// TestALostAnswer cuts the connection when the provider has renewed a session
// and its answer is on the way. The old refresh token is tried once more: where
// the provider takes it, nobody notices; where it does not, the session has
// ended, and every command says so and why, without asking the provider again.
func TestALostAnswer(t *testing.T) {
	for _, engine := range []bool{false, true} {
		for _, grace := range []bool{false, true} {
			name := "no engine yet"
			if engine {
				name = "engine"
			}
			if grace {
				name += " and a period of grace"
			}
			t.Run(name, func(t *testing.T) {
				h := newHeadless(t, "ann")
				old := h.storeExpired()
				h.provider.lossy(1, grace)
				if engine {
					h.startEngine()
					// The engine tries again by itself, within seconds.
					h.Wait("the second try", func() bool { return h.provider.asked() == 2 })
				}
				got := h.token()
				if grace {
					want, _ := h.provider.issued()
					if got.code != 0 || secret(got.out) != want || want == old.Access {
						t.Errorf("it ended with %d: %s", got.code, got.err)
					}
				} else {
					for range 5 {
						if got.code != 3 || got.out != "" || !strings.Contains(got.err, "cut off before its answer was "+
							"stored") || !strings.Contains(got.err, "keyfob login") {
							t.Errorf("it ended with %d: %s", got.code, got.err)
						}
						h.endEngines()
						got = h.token()
					}
				}
				if n := h.provider.asked(); n != 2 {
					t.Errorf("%d requests, want the one that was lost and one more", n)
				}
			})
		}
	}
}

// TestALostSessionIsOnePrompt loses a session in the tray's hands: one
// notification says that it has ended and why, and offers to sign in.
func TestALostSessionIsOnePrompt(t *testing.T) {
	h := newHeadlessOn(t, "ann", bed.Options{NoDisplay: true})
	h.storeExpired()
	h.provider.lossy(1, false)
	h.startTray()
	note := h.Notes.WaitOpen("the end of the session", func(n bed.Note) bool { return strings.Contains(n.Summary, "has ended") })
	if !strings.Contains(note.Body, "cut off before its answer was stored") {
		t.Errorf("it does not say why: %q", note.Body)
	}
	if _, ok := note.Key("Sign in"); !ok {
		t.Errorf("it offers %q", note.Actions)
	}
	for range 20 {
		if got := h.token(); got.code != 3 {
			t.Errorf("the token: %d %s", got.code, got.err)
		}
	}
	h.Tray.WaitEntry("ThingWorx Plant 4 · sign in again*")
	ended := 0
	for _, n := range h.Notes.All() {
		if strings.Contains(n.Summary, "has ended") { // another says that there is no window here to sign in from
			ended++
		}
	}
	if ended != 1 {
		t.Errorf("%d notifications of the end, want 1", ended)
	}
	if n := h.provider.asked(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}
