package tray_test

import (
	"strings"
	"testing"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray"
)

// TestWordsForTheKeychain shows each of its faults as what a person has to do.
func TestWordsForTheKeychain(t *testing.T) {
	for code, want := range map[string]struct {
		words string
		icon  assets.Icon
	}{
		"keychain_locked":  {"keychain locked", assets.IconNeeds},
		"keychain_refused": {"keychain locked", assets.IconNeeds},
		"keychain_approve": {"keychain asks first", assets.IconNeeds},
		"keychain_asking":  {"answer the keychain", assets.IconNeeds},
		"keychain_waiting": {"unlock the keychain", assets.IconNeeds},
		"keychain_slow":    {"keychain is slow", assets.IconProblem},
		"keychain_timeout": {"keychain does not answer", assets.IconProblem},
		"keychain_failed":  {"keychain unavailable", assets.IconProblem},
	} {
		problem := &auth.Error{Kind: auth.KindKeychain, Code: code, What: "what happened", Do: "what to do"}
		s := plant(session.Unavailable)
		s.Problem = problem
		m := tray.View([]session.Snapshot{s}, noon, tray.Options{})
		if shown := draw(m); m.Icon != want.icon ||
			!strings.Contains(shown, "ThingWorx Plant 4 · "+want.words+"\n  (What happened: what to do)\n  Sign in ->") {
			t.Errorf("%s: icon %s\n%s", code, m.Icon, shown)
		}

		s = lasting(session.Active, 0)
		s.Renewal, s.Store, s.Problem = automatic, session.StoreMemory, problem
		m = tray.View([]session.Snapshot{s}, noon, tray.Options{})
		if shown := draw(m); m.Icon != assets.IconWell || !strings.Contains(shown, "(Tokens are kept in memory only: "+want.words+")") {
			t.Errorf("%s, in memory: icon %s\n%s", code, m.Icon, shown)
		}
	}
}
