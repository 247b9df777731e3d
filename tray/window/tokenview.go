package window

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// tokenSeen is what the page of a token knows.
type tokenSeen struct {
	Snap    session.Snapshot // with an empty Tool: the settings no longer have it
	Known   *inspect.Inspection
	Failed  error // why Known could not be had, or nil
	Signing bool  // a sign-in that was asked for here is under way
	Tab     int   // what is looked at
	Shown   bool  // the token itself is in sight
	Said    said  // what came of the last thing that was done here
}

// tokenModel is everything that the page of a token shows, but for the token
// itself.
type tokenModel struct {
	Name    string
	Account string
	Valid   string  // how long it is valid, a sentence or two
	Left    float32 // how much of its life is left, 0 to 1; below 0 where that is not known
	Soon    bool    // little of it
	Empty   string  // why there is no token to be seen; then there are no tabs
	Action  string  // what can be done about that, on a button; or empty

	Tabs  []string
	Tab   int
	Table table

	Mask   string // what stands for the token
	Reveal string // the button that shows and hides it
	Copies []copyButton
	Said   said
}

// copyButton copies the token in one form.
type copyButton struct {
	Label, Done string
	As          agent.CopyAs
}

// What the button beside the words can do.
const (
	actionSignIn = "Sign in"
	actionCancel = "Cancel"
	actionAgain  = "Try again"
)

// table is what is in sight of one tab.
type table struct {
	Notes []string // above it
	Head  []string // the names of the columns
	Rows  []tableRow
}

// tableRow is a row of a table, or a heading between rows when it has one cell.
type tableRow struct {
	Cells []string
	Copy  string // what copying the row gives, or empty
	Bad   bool   // somebody should do something about it
}

// The tabs, in their order. A session without an ID token has one that says so.
const (
	tabAccess = iota
	tabID
	tabScopes
	tabSession
)

// tokenView decides what the page shows at now, whose location is the one that
// times are told in.
func tokenView(s tokenSeen, now time.Time) tokenModel {
	m := tokenModel{Name: auth.Line(s.Snap.Name, 60), Account: auth.Line(s.Snap.Account, 120), Left: -1, Said: s.Said}
	if m.Name == "" {
		m.Name = auth.Line(s.Snap.Tool, 60)
	}
	switch {
	case s.Snap.Tool == "":
		m.Name, m.Empty = "No such tool", "This tool is no longer in the settings."
		return m
	case s.Signing || s.Snap.State == session.SigningIn && s.Known == nil:
		m.Empty = "Go on in the browser: the sign-in page is open there. The token is shown here when you have signed in."
		m.Action = actionCancel
		return m
	case s.Known == nil && s.Failed != nil:
		m.Empty, m.Action = whyEmpty(s.Failed)
		return m
	case s.Known == nil:
		m.Empty = "One moment…"
		return m
	}
	in := *s.Known
	if m.Account == "" {
		m.Account = auth.Line(in.Account.Label(), 120)
	}
	m.Valid = validity(in, s.Snap, now)
	m.Left, m.Soon = lifeLeft(in, now)
	ended := needsSignIn(in, s.Snap, now)
	if ended {
		m.Action, m.Left = actionSignIn, -1
	}
	m.Tab = s.Tab
	m.Tabs = []string{"Access token", "ID token", scopesTitle(in), "Session"}
	token := &in.Access
	switch s.Tab {
	case tabAccess:
		m.Table = tokenTable(in.Access, accessNotes(in), now)
	case tabID:
		token = in.ID
		if in.ID == nil {
			m.Table = table{Notes: []string{"The provider gave no ID token."}}
			break
		}
		m.Table = tokenTable(*in.ID, idNotes(*in.ID), now)
	case tabScopes:
		m.Table = scopesTable(in)
	case tabSession:
		m.Table = sessionTable(in, s.Snap, now)
	}
	if token != nil && !ended { // the engine hands out none that is of no use
		m.Mask, m.Reveal = mask(*token), "Show token"
		if s.Tab == tabID {
			m.Reveal = "Show ID token"
		}
		if s.Shown {
			m.Reveal = "Hide"
		}
	}
	if s.Tab != tabID && !ended {
		m.Copies = copyButtons(s.Snap)
	}
	return m
}

// whyEmpty says why there are no tokens, and what a button can do about it.
func whyEmpty(err error) (text, action string) {
	e := auth.AsError(err)
	if e.Kind == auth.KindSignIn || e.Kind == auth.KindDamaged {
		if e.Code == auth.CodeSignedOut {
			return "Nobody is signed in, so there is no token. Sign in to get one.", actionSignIn
		}
		return wording.Explain(e), actionSignIn
	}
	return wording.Explain(e), actionAgain
}

// copyButtons are the forms in which the token can be copied.
func copyButtons(s session.Snapshot) []copyButton {
	forms := []agent.CopyAs{agent.CopyToken, agent.CopyHeader, agent.CopyCurl, agent.CopyEnv}
	var all []copyButton
	for _, as := range forms {
		if as != agent.CopyCurl || s.Address() != "" {
			all = append(all, copyButton{Label: "Copy " + formName(as), Done: copied(as) + " It stays there for a while.", As: as})
		}
	}
	return all
}

// formName is what a form of the token is called.
func formName(as agent.CopyAs) string {
	switch as {
	case agent.CopyHeader:
		return "as Authorization header"
	case agent.CopyCurl:
		return "as curl"
	case agent.CopyEnv:
		return "as shell variable"
	}
	return "token"
}

// copied says that the token is in the clipboard, in one form.
func copied(as agent.CopyAs) string {
	switch as {
	case agent.CopyHeader, agent.CopyCurl, agent.CopyEnv:
		return "Copied to the clipboard " + formName(as) + "."
	}
	return "The token is in the clipboard."
}

// mask stands for a token. The beginning of a JWT is that of every JWT; that of
// another token is a part of the secret.
func mask(t inspect.Token) string {
	start := "••••"
	if t.Form != inspect.Opaque {
		start = "eyJh…"
	}
	return start + "  " + thousands(t.Length) + " characters"
}

// thousands writes a number as people do: 1,532.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// tokenTable is what a token says.
func tokenTable(t inspect.Token, notes []string, now time.Time) table {
	tab := table{Notes: notes}
	if len(t.Claims)+len(t.Header) == 0 {
		return tab
	}
	tab.Head = []string{"Claim", "Value", "Meaning"}
	for _, c := range t.Claims {
		tab.Rows = append(tab.Rows, claimRow(c, now))
	}
	if t.Left > 0 {
		tab.Rows = append(tab.Rows, tableRow{Cells: []string{fmt.Sprintf("And %s more, which are not shown", thousands(t.Left))}})
	}
	if len(t.Header) > 0 {
		tab.Rows = append(tab.Rows, tableRow{Cells: []string{"Header"}})
		for _, c := range t.Header {
			tab.Rows = append(tab.Rows, claimRow(c, now))
		}
	}
	return tab
}

// claimRow is a row of a claim. A time is told in local time; copying gives
// what the token says.
func claimRow(c inspect.Claim, now time.Time) tableRow {
	value, meaning := c.Value, c.Meaning
	if !c.At.IsZero() {
		value = wording.Capital(moment(c.At, now))
	}
	if c.Again {
		meaning = strings.TrimPrefix(meaning+"; ", "; ") + "the token says this more than once, so programs may not agree on it"
	}
	r := tableRow{Cells: []string{c.Name, value, wording.Capital(meaning)}, Bad: c.Again}
	if !c.Hidden {
		r.Copy = c.Value
	}
	return r
}

// scopesTitle says on the tab how many scopes are missing.
func scopesTitle(in inspect.Inspection) string {
	missing := 0
	for _, s := range in.Scopes {
		if !s.Granted {
			missing++
		}
	}
	if missing > 0 {
		return fmt.Sprintf("Scopes · %d missing", missing)
	}
	return "Scopes"
}

// scopesTable sets what was granted beside what was asked for.
func scopesTable(in inspect.Inspection) table {
	t := table{Head: []string{"Scope", "Asked for", "Granted", "What it is for"}}
	if !in.ScopesSaid {
		t.Notes = append(t.Notes, "The provider did not say what it granted. By the standard, that is what was asked for.")
	}
	for _, s := range in.Scopes {
		asked, granted, about := "✓ asked", "✓ granted", s.Meaning
		if !s.Asked {
			asked = "– not asked"
		}
		if !s.Granted {
			granted = "✗ not granted"
		}
		if s.Mandatory {
			about = strings.TrimPrefix(about+"; ", "; ") + "required by the settings"
		}
		t.Rows = append(
			t.Rows,
			tableRow{Cells: []string{s.Name, asked, granted, wording.Capital(about)}, Copy: s.Name, Bad: !s.Granted && (s.Asked || s.Mandatory)},
		)
	}
	if len(in.Scopes) == 0 {
		t.Head, t.Notes = nil, []string{"No scopes were asked for, and none were granted."}
	}
	return t
}
