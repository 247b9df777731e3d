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

func TestViewOfAKeychain(t *testing.T) {
	for _, tt := range []viewTest{
		{
			"keychain locked",
			[]session.Snapshot{with(plant(session.Unavailable), func(s *session.Snapshot) {
				s.Problem = &auth.Error{Kind: auth.KindKeychain, Code: "keychain_locked", What: "the keychain is locked", Do: "unlock it"}
			})},
			tray.Options{},
			`needs | Keyfob | Keyfob: ThingWorx Plant 4 · keychain locked
ThingWorx Plant 4 · keychain locked
  (The keychain is locked: unlock it)
  Sign in -> sign-in plant4
  (Copy token)
  Open home page -> open-home plant4
  (Sign out)
` + footer,
		},
		{
			"keychain entry damaged",
			[]session.Snapshot{with(plant(session.Unavailable), func(s *session.Snapshot) {
				s.Problem = &auth.Error{
					Kind: auth.KindDamaged,
					Code: "keychain_damaged",
					What: "the keychain's entry is damaged",
					Do:   "sign out, then sign in",
				}
			})},
			tray.Options{},
			`problem | Keyfob | Keyfob: ThingWorx Plant 4 · keychain entry damaged
ThingWorx Plant 4 · keychain entry damaged
  (The keychain's entry is damaged: sign out, then sign in)
  Sign in -> sign-in plant4
  (Copy token)
  Open home page -> open-home plant4
  Sign out -> sign-out plant4
` + footer,
		},
		{
			"stored by a newer version",
			[]session.Snapshot{with(plant(session.Unavailable), func(s *session.Snapshot) {
				s.Problem = &auth.Error{Kind: auth.KindKeychain, Code: "keychain_newer", What: "a newer Keyfob stored this", Do: "update"}
			})},
			tray.Options{},
			`problem | Keyfob | Keyfob: ThingWorx Plant 4 · stored by newer Keyfob
ThingWorx Plant 4 · stored by newer Keyfob
  (A newer Keyfob stored this: update)
  (Sign in)
  (Copy token)
  Open home page -> open-home plant4
  (Sign out)
` + footer,
		},
		{
			"before the keychain answered",
			[]session.Snapshot{plant(session.Unavailable)},
			tray.Options{},
			`out | Keyfob | Keyfob: not signed in
ThingWorx Plant 4 · reading the keychain…
  (Sign in)
  (Copy token)
  Open home page -> open-home plant4
  (Sign out)
` + footer,
		},
	} {
		t.Run(tt.name, tt.run)
	}
}
