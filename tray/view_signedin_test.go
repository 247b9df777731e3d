package tray_test

import (
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray"
)

func TestViewSignedIn(t *testing.T) {
	for _, tt := range []viewTest{
		{
			"a refresh token that offline_access would bring",
			[]session.Snapshot{with(lasting(session.Active, 47*time.Minute), func(s *session.Snapshot) {
				s.Renewal = &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for", AddOffline: true}
			})},
			tray.Options{},
			`well | Keyfob | Keyfob: signed in · ThingWorx Plant 4 ends at 12:47
next after 0s
ThingWorx Plant 4 · 47 min left
  (Not renewed by itself: offline_access was not asked for)
  Renew now -> sign-in plant4
  Add offline_access and sign in again -> offline plant4
  Copy token -> copy plant4
  Copy as Authorization header -> copy-header plant4
  Copy as curl -> copy-curl plant4
  Copy as shell variable -> copy-env plant4
  Show token… -> show-token plant4
  Open home page -> open-home plant4
  Sign out -> sign-out plant4
` + footer,
		},
		{
			"another account came back, and other scopes are wanted",
			[]session.Snapshot{with(lasting(session.Active, 47*time.Minute), func(s *session.Snapshot) {
				s.Renewal, s.Problem = automatic, &auth.Error{
					Kind: auth.KindDenied,
					Code: auth.CodeOtherAccount,
					What: `the browser signed in "bob"`,
					Do:   "choose",
				}
			}), with(lasting(session.Active, 47*time.Minute), func(s *session.Snapshot) {
				s.Tool, s.Name = "iot", "IoT"
				s.Renewal, s.Problem = automatic, &auth.Error{
					Kind: auth.KindSignIn,
					Code: auth.CodeScopesChanged,
					What: "the settings ask for a now",
					Do:   "sign in again",
				}
			})},
			tray.Options{},
			`well | Keyfob | Keyfob: signed in
ThingWorx Plant 4 · signed in · another account
  (The browser signed in "bob": choose)
  Sign in again -> sign-in plant4
  Sign in as another account -> switch plant4
  Copy token -> copy plant4
  Copy as Authorization header -> copy-header plant4
  Copy as curl -> copy-curl plant4
  Copy as shell variable -> copy-env plant4
  Show token… -> show-token plant4
  Open home page -> open-home plant4
  Sign out -> sign-out plant4
IoT · signed in · scopes have changed
  (The settings ask for a now: sign in again)
  Sign in again -> sign-in iot
  Copy token -> copy iot
  Copy as Authorization header -> copy-header iot
  Copy as curl -> copy-curl iot
  Copy as shell variable -> copy-env iot
  Show token… -> show-token iot
  Open home page -> open-home iot
  Sign out -> sign-out iot
` + footer,
		},
		{
			"minutes left",
			[]session.Snapshot{lasting(session.Active, 47*time.Minute+59*time.Second)},
			tray.Options{},
			`well | Keyfob | Keyfob: signed in · ThingWorx Plant 4 ends at 12:47
next after 59s
ThingWorx Plant 4 · 47 min left
  (Not renewed by itself: offline_access was not asked for, so the provider gave no refresh token)
  Renew now -> sign-in plant4
  Copy token -> copy plant4
  Copy as Authorization header -> copy-header plant4
  Copy as curl -> copy-curl plant4
  Copy as shell variable -> copy-env plant4
  Show token… -> show-token plant4
  Open home page -> open-home plant4
  Sign out -> sign-out plant4
` + footer,
		},
		{
			"renews by itself",
			[]session.Snapshot{with(plant(session.Active), func(s *session.Snapshot) {
				s.Renewal, s.AccessUntil, s.Store = automatic, noon.Add(time.Hour), session.StoreMemory
			})},
			tray.Options{},
			`well | Keyfob | Keyfob: signed in
ThingWorx Plant 4 · signed in
  Sign in again -> sign-in plant4
  Copy token -> copy plant4
  Copy as Authorization header -> copy-header plant4
  Copy as curl -> copy-curl plant4
  Copy as shell variable -> copy-env plant4
  Show token… -> show-token plant4
  Open home page -> open-home plant4
  Sign out -> sign-out plant4
--
(Tokens are kept in memory only: no keychain)
Show Keyfob… -> show
Open settings file -> open-settings
Quit -> quit
`,
		},
		{
			"renews by itself and could not just now",
			[]session.Snapshot{with(plant(session.Active), func(s *session.Snapshot) {
				s.Renewal, s.AccessUntil = automatic, noon.Add(time.Minute)
				s.Problem = &auth.Error{Kind: auth.KindTransient, What: "login.example.com does not answer", Do: "it is tried again"}
			})},
			tray.Options{},
			`well | Keyfob | Keyfob: signed in
ThingWorx Plant 4 · signed in · provider unreachable
  (login.example.com does not answer: it is tried again)
  Sign in again -> sign-in plant4
  Copy token -> copy plant4
  Copy as Authorization header -> copy-header plant4
  Copy as curl -> copy-curl plant4
  Copy as shell variable -> copy-env plant4
  Show token… -> show-token plant4
  Open home page -> open-home plant4
  Sign out -> sign-out plant4
` + footer,
		},
		{
			"ends soon",
			[]session.Snapshot{lasting(session.Expiring, 45*time.Second)},
			tray.Options{},
			`soon | Keyfob | Keyfob: ThingWorx Plant 4 ends at 12:00
ThingWorx Plant 4 · less than a minute left
  (Not renewed by itself: offline_access was not asked for, so the provider gave no refresh token)
  Renew now -> sign-in plant4
  Copy token -> copy plant4
  Copy as Authorization header -> copy-header plant4
  Copy as curl -> copy-curl plant4
  Copy as shell variable -> copy-env plant4
  Show token… -> show-token plant4
  Open home page -> open-home plant4
  Sign out -> sign-out plant4
` + footer,
		},
		{
			"has ended",
			[]session.Snapshot{with(lasting(session.Expired, -time.Minute), func(*session.Snapshot) {})},
			tray.Options{},
			`needs | Keyfob | Keyfob: sign in again to ThingWorx Plant 4
ThingWorx Plant 4 · sign in again
  (Not renewed by itself: offline_access was not asked for, so the provider gave no refresh token)
  Sign in again -> sign-in plant4
  (Copy token)
  Open home page -> open-home plant4
  Sign out -> sign-out plant4
` + footer,
		},
	} {
		t.Run(tt.name, tt.run)
	}
}
