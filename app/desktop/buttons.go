package desktop

import (
	"context"
	"strings"

	"keyfob/app/agent"
	"keyfob/auth/session"
	"keyfob/tray/notify"
)

// What the buttons of a notification do, by the ID of the button's action.
const (
	actionSignIn = "sign-in/" // followed by the tool's ID
	actionShow   = "show"     // the sessions that have ended
	actionLater  = "later"    // nothing: the server takes the notification away
)

// pressed does what a notification's button says.
func (s *screen) pressed(ctx context.Context, action string) {
	if tool, ok := strings.CutPrefix(action, actionSignIn); ok {
		s.signIn(ctx, tool)
	}
	switch action {
	case actionShow:
		s.windows.askToSignIn(ctx, s.reminders.ended)
	case notify.Default: // of a notification without buttons
		s.windows.openPage(ctx, agent.PageTools)
	}
}

// signInOrLater are the buttons of what asks a person to sign in to a tool.
func signInOrLater(s session.Snapshot, label string) []notify.Action {
	return []notify.Action{{ID: actionSignIn + s.Tool, Label: label}, {ID: actionLater, Label: "Later"}}
}

// showOrLater are the buttons of what is about several tools.
func showOrLater() []notify.Action {
	return []notify.Action{{ID: actionShow, Label: "Show"}, {ID: actionLater, Label: "Later"}}
}

// onClick is for a notification without buttons: whoever clicks on it wants to
// see more.
func onClick() []notify.Action { return []notify.Action{{ID: notify.Default, Label: "Show Keyfob"}} }
