package tray

import (
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// toolEntry is a tool's line and what can be done about it.
func toolEntry(s session.Snapshot, now time.Time) Entry {
	base := "tool/" + s.Tool
	e := Entry{ID: base, Label: name(s) + " · " + wording.Line(s, now), Enabled: true, Tool: s.Tool}
	child := func(a Action, key rune, label string, enabled bool) Entry {
		return Entry{ID: base + "/" + string(a), Label: label, Key: key, Enabled: enabled, Action: a, Tool: s.Tool}
	}
	about := Entry{ID: base + "/about", Label: about(s), Tool: s.Tool}
	about.Hidden = about.Label == ""
	address := child(DoCopyAddress, 'i', "Copy sign-in address", s.SignInURL != "")
	address.Hidden = s.State != session.SigningIn
	details := child(DoCopyDetails, 'd', "Copy details for your administrator", true)
	details.Hidden = wording.Short(s.Problem) == "" || s.Problem.Note() == ""
	offline := child(DoOffline, 'A', "Add offline_access and sign in again", true)
	offline.Hidden = s.State == session.SigningIn || s.Renewal == nil || !s.Renewal.AddOffline
	other := child(DoSwitch, 'e', "Sign in as another account", true)
	other.Hidden = s.State == session.SigningIn || s.Problem == nil || s.Problem.Code != auth.CodeOtherAccount
	label, key := signInLabel(s)
	first := child(DoSignIn, key, label, s.CanSignIn())
	if s.State == session.SigningIn {
		first = child(DoCancel, 'n', "Cancel sign-in", true)
	}
	// One line tells that a token can be copied; in what other forms, only
	// where there is one.
	can := s.CanCopy(now)
	form := func(a Action, key rune, label string) Entry {
		f := child(a, key, label, can)
		f.Hidden = !can
		return f
	}
	curl := form(DoCopyCurl, 'l', "Copy as curl")
	curl.Hidden = curl.Hidden || s.Address() == "" // there is nothing to call
	e.Children = []Entry{
		about,
		first,
		address,
		details,
		offline,
		other,
		child(DoCopy, 'C', "Copy token", can),
		form(DoCopyHeader, 'h', "Copy as Authorization header"),
		curl,
		form(DoCopyEnv, 'v', "Copy as shell variable"),
		form(DoShowToken, 't', "Show token…"),
		child(DoOpenHome, 'O', "Open home page", s.Home != ""),
		child(DoSignOut, 'u', "Sign out", s.CanSignOut()),
	}
	if s.BadSettings() {
		e.Children[1] = child(DoOpenSettings, 'f', "Open settings file", true)
		for i := range e.Children[2:] {
			e.Children[2+i].Hidden = true
		}
	}
	return e
}

// signInLabel is what signing in is called, and the letter that chooses it.
func signInLabel(s session.Snapshot) (label string, key rune) {
	label = wording.SignInLabel(s)
	return label, rune(label[0])
}
