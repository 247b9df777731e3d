package window

import (
	"slices"
	"strconv"
	"time"

	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// tokenState is what the page of a token knows.
type tokenState struct {
	Snap    session.Snapshot // with an empty Tool: the settings no longer have it
	Known   *inspect.Inspection
	Failed  error   // why Known could not be had, or nil
	Signing bool    // a sign-in that was asked for here is under way
	Tab     int     // what is looked at
	Shown   bool    // the token itself is in sight
	Outcome outcome // what came of the last thing that was done here
}

// tokenModel is everything that the page of a token shows, but for the token
// itself.
type tokenModel struct {
	Name     string
	Account  string
	Valid    string          // how long it is valid, a sentence or two
	TimeLeft widget.TimeLeft // of the access token's life
	Empty    string          // why there is no token to be seen; then there are no tabs
	Action   tokenAction     // what can be done about that

	Tabs  []string
	Tab   int
	Table widget.TableData

	Mask    string // what stands for the token
	Reveal  string // the button that shows and hides it
	Copies  []copyButton
	Outcome outcome
}

// Equal reports whether two pages show the same.
func (m tokenModel) Equal(o tokenModel) bool {
	return m.Name == o.Name && m.Account == o.Account && m.Valid == o.Valid && m.TimeLeft == o.TimeLeft &&
		m.Empty == o.Empty && m.Action == o.Action && slices.Equal(m.Tabs, o.Tabs) && m.Tab == o.Tab && m.Table.Equal(o.Table) &&
		m.Mask == o.Mask && m.Reveal == o.Reveal && slices.Equal(m.Copies, o.Copies) && m.Outcome == o.Outcome
}

// tokenAction is what the button beside the words does.
type tokenAction int

// The actions.
const (
	tokenNoAction tokenAction = iota // there is no button
	tokenSignIn
	tokenCancel
	tokenAgain
)

// label is what the button says.
func (a tokenAction) label() string {
	return [...]string{"", "Sign in", "Cancel", "Try again"}[a]
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
func tokenView(s tokenState, now time.Time) tokenModel {
	m := tokenModel{Name: toolName(s.Snap), Account: auth.Line(s.Snap.Account, 120), Outcome: s.Outcome}
	switch {
	case s.Snap.Tool == "":
		m.Name, m.Empty = "No such tool", "This tool is no longer in the settings."
		return m
	case s.Signing || s.Snap.State == session.SigningIn && s.Known == nil:
		m.Empty = "Go on in the browser: the sign-in page is open there. The token is shown here when you have signed in."
		m.Action = tokenCancel
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
	m.TimeLeft = lifeLeft(in, now)
	ended := needsSignIn(in, s.Snap, now)
	if ended {
		m.Action, m.TimeLeft = tokenSignIn, widget.TimeLeft{}
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
			m.Table = widget.TableData{Notes: []string{"The provider gave no ID token."}}
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
func whyEmpty(err error) (text string, action tokenAction) {
	e := auth.AsError(err)
	if e.Kind == auth.KindSignIn || e.Kind == auth.KindDamaged {
		if e.Code == auth.CodeSignedOut {
			return "Nobody is signed in, so there is no token. Sign in to get one.", tokenSignIn
		}
		return wording.Explain(e), tokenSignIn
	}
	return wording.Explain(e), tokenAgain
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
