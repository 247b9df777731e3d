// Package tray shows the icon and its menu. [View] decides what the menu holds and
// in what order; [Run] keeps the desktop's tray in step with it; what a click does
// is its caller's, in [Actions].
//
// The package must
// never decide what state a session is in, never hold a secret, and never do
// anything while nothing changes.
package tray

import (
	"time"

	"keyfob/assets"
	"keyfob/auth"
)

// Menu is everything that the tray shows at one moment.
type Menu struct {
	Title   string      // names the icon to the desktop
	Tooltip string      // the overall state and what happens next, in one line that no minute changes
	Icon    assets.Icon //
	Entries []Entry     // perhaps a line without children, the tools, and what always stays below them
	Next    time.Time   // when the labels have to be told anew; zero for not before something happens
}

// Action is what an entry does when it is clicked.
type Action string

// The actions. All but the last four are about a tool.
const (
	DoNothing      Action = ""
	DoSignIn       Action = "sign-in"
	DoCancel       Action = "cancel"
	DoCopyAddress  Action = "copy-address"
	DoCopyDetails  Action = "copy-details"
	DoCopy         Action = "copy"
	DoCopyHeader   Action = "copy-header"
	DoCopyCurl     Action = "copy-curl"
	DoCopyEnv      Action = "copy-env"
	DoShowToken    Action = "show-token"
	DoOpenHome     Action = "open-home"
	DoOffline      Action = "offline"
	DoSwitch       Action = "switch"
	DoSignOut      Action = "sign-out"
	DoShow         Action = "show" // the window with all tools
	DoAdd          Action = "add"  // the window's page for a new tool
	DoOpenSettings Action = "open-settings"
	DoQuit         Action = "quit"
)

// Entry is one line of the menu. A tool's children always have the same
// number and order; those that do not apply are hidden, so that no line moves
// because another one came.
type Entry struct {
	ID        string // stable, as in "tool/plant4/copy"
	Label     string // as a person reads it; hosts' escapes are the driver's business
	Key       rune   // a letter of Label that chooses the entry in an open menu; 0 for none
	Enabled   bool   //
	Hidden    bool   //
	Separator bool   // a line between groups; all else but ID is empty then
	Action    Action //
	Tool      string // the tool that Action is about
	Children  []Entry
}

// Options is what the menu shows beside the sessions.
type Options struct {
	Problem *auth.Error   // why the settings file as a whole cannot be used, or nil
	Ignored []*auth.Error // what of the settings was passed over
	Window  *auth.Error   // why no window opens, or nil
	Update  string        // what a person is told of a new program that was installed, or empty
}
