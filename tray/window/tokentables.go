package window

import (
	"fmt"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// tokenTable is what a token says.
func tokenTable(t inspect.Token, notes []string, now time.Time) widget.TableData {
	tab := widget.TableData{Notes: notes}
	if len(t.Claims)+len(t.Header) == 0 {
		return tab
	}
	tab.Head = []string{"Claim", "Value", "Meaning"}
	for _, c := range t.Claims {
		tab.Rows = append(tab.Rows, claimRow(c, now))
	}
	if t.Left > 0 {
		tab.Rows = append(tab.Rows, widget.TableRow{Cells: []string{fmt.Sprintf("And %s more, which are not shown", thousands(t.Left))}})
	}
	if len(t.Header) > 0 {
		tab.Rows = append(tab.Rows, widget.TableRow{Cells: []string{"Header"}})
		for _, c := range t.Header {
			tab.Rows = append(tab.Rows, claimRow(c, now))
		}
	}
	return tab
}

// claimRow is a row of a claim. A time is told in local time; copying gives
// what the token says.
func claimRow(c inspect.Claim, now time.Time) widget.TableRow {
	value, meaning := c.Value, c.Meaning
	if !c.At.IsZero() {
		value = wording.Capital(moment(c.At, now))
	}
	if c.Again {
		meaning = strings.TrimPrefix(meaning+"; ", "; ") + "the token says this more than once, so programs may not agree on it"
	}
	r := widget.TableRow{Cells: []string{c.Name, value, wording.Capital(meaning)}, Bad: c.Again}
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
func scopesTable(in inspect.Inspection) widget.TableData {
	t := widget.TableData{Head: []string{"Scope", "Asked for", "Granted", "What it is for"}}
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
			widget.TableRow{
				Cells: []string{s.Name, asked, granted, wording.Capital(about)}, Copy: s.Name,
				Bad: !s.Granted && (s.Asked || s.Mandatory),
			},
		)
	}
	if len(in.Scopes) == 0 {
		t.Head, t.Notes = nil, []string{"No scopes were asked for, and none were granted."}
	}
	return t
}

// sessionTable is what is known of the session beside its tokens.
func sessionTable(in inspect.Inspection, s session.Snapshot, now time.Time) widget.TableData {
	var t widget.TableData
	add := func(name, value, about string) {
		if value != "" {
			t.Rows = append(t.Rows, widget.TableRow{Cells: []string{name, value, about}, Copy: value})
		}
	}
	when := func(name string, at time.Time, about string) {
		if !at.IsZero() {
			t.Rows = append(
				t.Rows,
				widget.TableRow{Cells: []string{name, wording.Capital(moment(at, now)), about}, Copy: at.UTC().Format(time.RFC3339)},
			)
		}
	}
	add("Account", auth.Line(in.Account.Label(), 200), "Who signed in")
	add("Name", auth.Line(in.Account.Name, 200), "")
	add("Subject", auth.Line(in.Account.Subject, 200), "The account, by the provider's own name for it")
	add("Provider", auth.Line(in.Account.Issuer, 300), "Who issued the tokens")
	add("Client", auth.Line(in.ClientID, 200), "Keyfob, by the name that the provider gave it for this tool")
	when("Signed in", in.SignedInAt, "When you last signed in")
	when("Issued", in.IssuedAt, "When this access token came")
	when("Valid until", in.Expiry, "When it ends")
	switch {
	case !in.RefreshToken && s.Renewal != nil && s.Renewal.Reason != "":
		add("Refresh token", "None", "It cannot renew itself: "+wording.Period(auth.Line(s.Renewal.Reason, 400)))
	case !in.RefreshToken:
		add("Refresh token", "None", "")
	case in.RefreshExpiry.IsZero():
		add("Refresh token", "There is one", "It renews the access token, and never leaves Keyfob")
	default:
		when("Refresh token", in.RefreshExpiry, "When the refresh token ends, which never leaves Keyfob")
	}
	switch s.Store {
	case session.StoreKeychain:
		add("Kept in", "The keychain", "That of this system")
	case session.StoreMemory:
		add("Kept in", "Memory", "Until Keyfob quits, since no keychain takes it")
	}
	return t
}
