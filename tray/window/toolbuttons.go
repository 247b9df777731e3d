package window

import (
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// toolAction is something that can be done about a tool.
type toolAction string

// The actions of the page.
const (
	actMain    toolAction = "main"   // signs in, or whatever Enter is for
	actCancel  toolAction = "cancel" // never what Enter is for: who presses it twice has not changed their mind
	actBrowser toolAction = "browser"
	actCopy    toolAction = "copy"
	actCopyAs  toolAction = "copy-as"
	actToken   toolAction = "token"
	actHome    toolAction = "home"
	actSignOut toolAction = "sign-out"
	actOffline toolAction = "offline"
	actSwitch  toolAction = "switch"
	actDetails toolAction = "details"
)

// buttonGroup is where a button stands.
type buttonGroup int

// The groups, in the order of reading.
const (
	groupMain    buttonGroup = iota // below the state
	groupProblem                    // below the problem
	groupRenewal                    // below the facts
	groupMore                       // at the end
)

// toolButton is a button of the page.
type toolButton struct {
	Action toolAction
	Label  string
	Group  buttonGroup
	Off    bool // there, and of no use now
}

// toolButtons are what can be done about s at now, in the order of Tab.
func toolButtons(s session.Snapshot, now time.Time) []toolButton {
	var out []toolButton
	add := func(g buttonGroup, action toolAction, label string, can bool) {
		out = append(out, toolButton{Action: action, Label: label, Group: g, Off: !can})
	}
	if s.BadSettings() {
		add(groupMain, actMain, "Open settings…", true)
		return out
	}
	signingIn := s.State == session.SigningIn
	if signingIn {
		add(groupMain, actCancel, "Cancel sign-in", true)
		if !s.Service {
			add(groupMain, actBrowser, "Trouble in the browser?", true)
		}
	} else {
		add(groupMain, actMain, wording.SignInLabel(s), s.CanSignIn())
	}
	if can := s.CanCopy(now); can || !signingIn {
		add(groupMain, actCopy, "Copy token", can)
		add(groupMain, actCopyAs, "Copy as…", can)
	}
	if s.Problem != nil && !signingIn {
		if s.Problem.Code == auth.CodeOtherAccount {
			add(groupProblem, actSwitch, "Sign in as another account", true)
		}
		if wording.Short(s.Problem) != "" && s.Problem.Note() != "" {
			add(groupProblem, actDetails, "Copy details for your administrator", true)
		}
	}
	if s.Renewal != nil && s.Renewal.AddOffline && !signingIn {
		add(groupRenewal, actOffline, "Add offline_access and sign in again", true)
	}
	add(groupMore, actToken, "Token…", s.CanCopy(now))
	if s.Home != "" {
		add(groupMore, actHome, "Open home page", true)
	}
	add(groupMore, actSignOut, "Sign out", s.CanSignOut())
	return out
}
