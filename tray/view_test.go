package tray_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// draw writes a menu as a person sees it: hidden lines left out, lines that
// cannot be clicked in parentheses, the action behind each other one.
func draw(m tray.Menu) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s | %s | %s\n", m.Icon, m.Title, m.Tooltip)
	if !m.Next.IsZero() {
		fmt.Fprintf(&b, "next after %s\n", m.Next.Sub(noon).Truncate(time.Second))
	}
	drawEntries(&b, "", m.Entries)
	return b.String()
}

func drawEntries(b *strings.Builder, indent string, entries []tray.Entry) {
	for _, e := range entries {
		switch {
		case e.Hidden:
		case e.Separator:
			b.WriteString(indent + "--\n")
		case !e.Enabled:
			b.WriteString(indent + "(" + e.Label + ")\n")
		case e.Children != nil:
			b.WriteString(indent + e.Label + "\n")
			drawEntries(b, indent+"  ", e.Children)
		default:
			b.WriteString(indent + e.Label + " -> " + strings.TrimSpace(string(e.Action)+" "+e.Tool) + "\n")
		}
	}
}

var (
	manual    = &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for, so the provider gave no refresh token"}
	automatic = &session.Renewal{Mode: session.Automatic}
)

func plant(state session.State) session.Snapshot {
	return session.Snapshot{Tool: "plant4", Name: "ThingWorx Plant 4", Home: "https://thingworx.example.com", State: state}
}

// lasting is plant signed in without renewal, until d from now.
func lasting(state session.State, d time.Duration) session.Snapshot {
	s := plant(state)
	s.EndsAt, s.AccessUntil, s.Renewal, s.Store = noon.Add(d), noon.Add(d), manual, session.StoreKeychain
	return s
}

func with(s session.Snapshot, change func(*session.Snapshot)) session.Snapshot {
	change(&s)
	return s
}

const footer = `--
Show Keyfob… -> show
Open settings file -> open-settings
Quit -> quit
`

func TestView(t *testing.T) {
	tests := []struct {
		name  string
		snaps []session.Snapshot
		opts  tray.Options
		want  string
	}{
		{
			"no tools", nil,
			tray.Options{},
			`out | Keyfob | Keyfob: no tools yet
No tools yet: add one… -> add
` + footer,
		},
		{
			"settings that cannot be read",
			nil,
			tray.Options{
				Problem: &auth.Error{
					Kind: auth.KindSetup,
					Code: "settings",
					What: "other.toml:3:1: there is no key \"tolls\"",
					Do:   "write tools",
				},
			},
			`problem | Keyfob | Keyfob: the settings cannot be used
other.toml:3:1: there is no key "tolls": write tools -> open-settings
` + footer,
		},
		{
			"an administrator's file that was passed over",
			nil,
			tray.Options{
				Ignored: []*auth.Error{
					{Kind: auth.KindSetup, What: "/etc/keyfob/keyfob.d/a.toml:1:5: not valid TOML", Do: "fix this line"},
					{What: "more"},
				},
			},
			`out | Keyfob | Keyfob: no tools yet
/etc/keyfob/keyfob.d/a.toml:1:5: not valid TOML: fix this line -> open-settings
` + footer,
		},
		{
			"signed out",
			[]session.Snapshot{plant(session.SignedOut)},
			tray.Options{},
			`out | Keyfob | Keyfob: not signed in
ThingWorx Plant 4 · signed out
  Sign in -> sign-in plant4
  (Copy token)
  Open home page -> open-home plant4
  (Sign out)
` + footer,
		},
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
			"nothing to call: no home page and no API",
			[]session.Snapshot{
				with(lasting(session.Active, 47*time.Minute), func(s *session.Snapshot) { s.Home, s.Renewal = "", automatic }),
			},
			tray.Options{},
			`well | Keyfob | Keyfob: signed in
ThingWorx Plant 4 · signed in
  Sign in again -> sign-in plant4
  Copy token -> copy plant4
  Copy as Authorization header -> copy-header plant4
  Copy as shell variable -> copy-env plant4
  Show token… -> show-token plant4
  (Open home page)
  Sign out -> sign-out plant4
` + footer,
		},
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
		{
			"bad settings of a tool",
			[]session.Snapshot{{
				Tool: "plant4", Name: "ThingWorx\nPlant\u202e 4", State: session.SignedOut,
				Problem: &auth.Error{
					Kind: auth.KindSetup,
					Code: "settings",
					What: "keyfob.toml:7:1: there is no key \"tenat\"",
					Do:   "write tenant",
				},
			}},
			tray.Options{},
			`problem | Keyfob | Keyfob: ThingWorx Plant 4 · settings need fixing
ThingWorx Plant 4 · settings need fixing
  (keyfob.toml:7:1: there is no key "tenat": write tenant)
  Open settings file -> open-settings plant4
` + footer,
		},
		{
			"no name",
			[]session.Snapshot{{Tool: "plant4", State: session.SignedOut}},
			tray.Options{},
			`out | Keyfob | Keyfob: not signed in
plant4 · signed out
  Sign in -> sign-in plant4
  (Copy token)
  (Open home page)
  (Sign out)
` + footer,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := draw(tray.View(tt.snaps, noon, tt.opts)); got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// TestNothingUnseenInTheMenu gives a menu every character that steers, breaks or
// turns a line, wherever text comes from elsewhere.
func TestNothingUnseenInTheMenu(t *testing.T) {
	var all strings.Builder
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if utf8.ValidRune(r) && auth.Unseen(r) && (r < 0x300 || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			all.WriteRune(r)
		}
	}
	bad := "a" + all.String() + "\xffb"
	for _, state := range []session.State{session.SignedOut, session.SigningIn, session.Active, session.Expiring, session.Expired, session.Unavailable} {
		s := lasting(state, time.Hour)
		s.Name, s.Account, s.Warnings = bad, bad, []string{bad}
		s.Renewal = &session.Renewal{Mode: session.Manual, Reason: bad}
		s.Problem = &auth.Error{Kind: auth.KindDenied, What: bad, Do: bad, Detail: bad, Ref: bad, Link: bad}
		menu := draw(tray.View([]session.Snapshot{s}, noon, tray.Options{Problem: s.Problem, Ignored: []*auth.Error{s.Problem}}))
		for _, r := range menu {
			if r != '\n' && auth.Unseen(r) {
				t.Errorf("%s: the menu holds %U: %+q", state, r, menu)
				break
			}
		}
	}
}
