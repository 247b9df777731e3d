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

// viewTest is a menu and what it reads like.
type viewTest struct {
	name  string
	snaps []session.Snapshot
	opts  tray.Options
	want  string
}

func (tt viewTest) run(t *testing.T) {
	if got := draw(tray.View(tt.snaps, noon, tt.opts)); got != tt.want {
		t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
	}
}

func TestView(t *testing.T) {
	for _, tt := range []viewTest{
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
	} {
		t.Run(tt.name, tt.run)
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
	for _, state := range []session.State{
		session.SignedOut, session.SigningIn, session.Active, session.Expiring, session.Expired, session.Unavailable,
	} {
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
