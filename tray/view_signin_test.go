package tray_test

import (
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray"
)

func TestViewOfASignIn(t *testing.T) {
	for _, tt := range []viewTest{
		{
			"signing in",
			[]session.Snapshot{with(plant(session.SigningIn), func(s *session.Snapshot) {
				s.SignInURL, s.Home = "https://login.example.com/authorize?x", ""
			})},
			tray.Options{},
			`working | Keyfob | Keyfob: signing in to ThingWorx Plant 4…
ThingWorx Plant 4 · signing in…
  Cancel sign-in -> cancel plant4
  Copy sign-in address -> copy-address plant4
  (Copy token)
  (Open home page)
  (Sign out)
` + footer,
		},
		{
			"signing in before there is an address, with a token that still works and no browser",
			[]session.Snapshot{with(lasting(session.SigningIn, 5*time.Minute), func(s *session.Snapshot) {
				s.Problem = &auth.Error{Kind: auth.KindFailed, Code: "browser", What: "no browser could be started", Do: "copy the address"}
			})},
			tray.Options{},
			`working | Keyfob | Keyfob: signing in to ThingWorx Plant 4…
ThingWorx Plant 4 · signing in…
  (No browser could be started: copy the address)
  Cancel sign-in -> cancel plant4
  (Copy sign-in address)
  Copy token -> copy plant4
  Copy as Authorization header -> copy-header plant4
  Copy as curl -> copy-curl plant4
  Copy as shell variable -> copy-env plant4
  Show token… -> show-token plant4
  Open home page -> open-home plant4
  (Sign out)
` + footer,
		},
		{
			"a refusal that an administrator fixes",
			[]session.Snapshot{with(plant(session.SignedOut), func(s *session.Snapshot) {
				s.Problem = &auth.Error{
					Kind: auth.KindDenied,
					Code: "access_denied",
					What: "this account is not assigned to the application",
					Do:   "ask IT to add you",
					Ref:  "AADSTS50105",
				}
			})},
			tray.Options{},
			`problem | Keyfob | Keyfob: ThingWorx Plant 4 · sign-in declined
ThingWorx Plant 4 · signed out · sign-in declined
  (This account is not assigned to the application: ask IT to add you)
  Sign in -> sign-in plant4
  Copy details for your administrator -> copy-details plant4
  (Copy token)
  Open home page -> open-home plant4
  (Sign out)
` + footer,
		},
		{
			"the sign-in failed",
			[]session.Snapshot{with(plant(session.SignedOut), func(s *session.Snapshot) {
				s.Problem = &auth.Error{Kind: auth.KindProtocol, What: "the ID token's nonce is wrong", Do: "sign in again"}
			})},
			tray.Options{},
			`problem | Keyfob | Keyfob: ThingWorx Plant 4 · provider's answer refused
ThingWorx Plant 4 · signed out · provider's answer refused
  (The ID token's nonce is wrong: sign in again)
  Sign in -> sign-in plant4
  (Copy token)
  Open home page -> open-home plant4
  (Sign out)
` + footer,
		},
		{
			"the sign-in was cancelled",
			[]session.Snapshot{with(plant(session.SignedOut), func(s *session.Snapshot) {
				s.Problem = &auth.Error{Kind: auth.KindCanceled, Code: "canceled", What: "the sign-in was cancelled"}
			})},
			tray.Options{},
			`out | Keyfob | Keyfob: not signed in
ThingWorx Plant 4 · signed out
  Sign in -> sign-in plant4
  (Copy token)
  Open home page -> open-home plant4
  (Sign out)
` + footer,
		},
	} {
		t.Run(tt.name, tt.run)
	}
}
