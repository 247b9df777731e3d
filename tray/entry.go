package tray

import (
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// toolEntry is a tool's line and what can be done about it.
func toolEntry(s session.Snapshot, now time.Time) Entry {
	base := "tool/" + s.Tool
	e := Entry{ID: base, Label: name(s) + " · " + words(s, now), Enabled: true, Tool: s.Tool}
	child := func(a Action, key rune, label string, enabled bool) Entry {
		return Entry{ID: base + "/" + string(a), Label: label, Key: key, Enabled: enabled, Action: a, Tool: s.Tool}
	}
	about := Entry{ID: base + "/about", Label: about(s), Tool: s.Tool}
	about.Hidden = about.Label == ""
	address := child(DoCopyAddress, 'i', "Copy sign-in address", s.SignInURL != "")
	address.Hidden = s.State != session.SigningIn
	details := child(DoCopyDetails, 'd', "Copy details for your administrator", true)
	details.Hidden = few(s.Problem) == "" || s.Problem.Note() == ""
	offline := child(DoOffline, 'A', "Add offline_access and sign in again", true)
	offline.Hidden = s.State == session.SigningIn || s.Renewal == nil || !s.Renewal.AddOffline
	other := child(DoSwitch, 'e', "Sign in as another account", true)
	other.Hidden = s.State == session.SigningIn || s.Problem == nil || s.Problem.Code != session.CodeOtherAccount
	label, key := signInLabel(s)
	first := child(DoSignIn, key, label, canSignIn(s))
	if s.State == session.SigningIn {
		first = child(DoCancel, 'n', "Cancel sign-in", true)
	}
	// One line tells that a token can be copied; in what other forms, only
	// where there is one.
	can := canCopy(s, now)
	form := func(a Action, key rune, label string) Entry {
		f := child(a, key, label, can)
		f.Hidden = !can
		return f
	}
	e.Children = []Entry{
		about,
		first,
		address,
		details,
		offline,
		other,
		child(DoCopy, 'C', "Copy token", can),
		form(DoCopyHeader, 'h', "Copy header"),
		form(DoCopyCurl, 'l', "Copy curl line"),
		form(DoCopyEnv, 'x', "Copy export line"),
		form(DoShowToken, 't', "Show token…"),
		child(DoOpenHome, 'O', "Open home page", s.Home != ""),
		child(DoSignOut, 'u', "Sign out", canSignOut(s)),
	}
	if badSettings(s) {
		e.Children[1] = child(DoOpenSettings, 'f', "Open settings file", true)
		for i := range e.Children[2:] {
			e.Children[2+i].Hidden = true
		}
	}
	return e
}

func signInLabel(s session.Snapshot) (label string, key rune) {
	renewing := s.Renewal != nil && s.Renewal.Mode == session.Automatic
	switch {
	case s.Service: // nobody signs in to it
		return "Get a token", 'G'
	case s.State == session.Expired, s.State == session.Active && renewing:
		return "Sign in again", 'S'
	case s.State == session.Active, s.State == session.Expiring:
		return "Renew now", 'R'
	}
	return "Sign in", 'S'
}

func canSignIn(s session.Snapshot) bool {
	if s.State != session.Unavailable {
		return true
	}
	// What a newer Keyfob stored must not be replaced by this one.
	return s.Problem != nil && s.Problem.Code != "keychain_newer"
}

func canCopy(s session.Snapshot, now time.Time) bool {
	switch s.State {
	case session.Active, session.Expiring:
		return true
	case session.SigningIn:
		return s.AccessUntil.After(now)
	case session.SignedOut:
		return s.Service && !badSettings(s) // asking for a token is enough
	}
	return false
}

func canSignOut(s session.Snapshot) bool {
	switch s.State {
	case session.Active, session.Expiring, session.Expired:
		return true
	case session.Unavailable:
		// Signing out is how a person throws a damaged entry away.
		return s.Problem != nil && s.Problem.Kind == auth.KindDamaged
	}
	return false
}
