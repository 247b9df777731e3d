package tray

import (
	"context"
	"errors"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// The causes of [Run]'s errors. All else of a program can go on.
var (
	ErrNoTray = errors.New("no tray")   // there is no desktop to show an icon on
	ErrGone   = errors.New("tray gone") // the desktop went away
)

// Actions are called for what a person clicks, each entry's one after the
// other on a goroutine of the entry's own: one that takes its time holds up
// nothing but the same entry. Their context ends with the tray, which waits for
// them to return then. Those left nil do nothing.
type Actions struct {
	SignIn, Cancel, CopyAddress, CopyDetails, OpenHome, SignOut, Offline, Switch func(ctx context.Context, tool string)

	Copy, CopyHeader, CopyCurl, CopyEnv, ShowToken func(ctx context.Context, tool string)

	Show, Add, OpenSettings func(ctx context.Context)
	Quit                    func(ctx context.Context) // before Run returns
}

// Config is what Run needs.
type Config struct {
	First   []session.Snapshot        // what to show at first; nil shows that there are no tools
	Watch   <-chan []session.Snapshot // all sessions, after each change
	Now     func() time.Time          // nil for time.Now
	Options func() Options            // asked at each change; nil for none
	Changed <-chan struct{}           // Options has changed; nil for never by itself
	NoHost  func()                    // called once, a few seconds after the start, where nothing shows icons; nil for nobody to tell
	Host    func()                    // called once after that, when something shows the icon all the same; nil for nobody to tell
	Actions Actions
}

// do calls what belongs to a, and reports whether the tray is to end.
func (c *Config) do(ctx context.Context, a Action, tool string) (quit bool) {
	about := map[Action]func(context.Context, string){
		DoSignIn: c.Actions.SignIn, DoCancel: c.Actions.Cancel,
		DoCopy: c.Actions.Copy, DoCopyHeader: c.Actions.CopyHeader, DoCopyCurl: c.Actions.CopyCurl, DoCopyEnv: c.Actions.CopyEnv,
		DoShowToken: c.Actions.ShowToken, DoCopyAddress: c.Actions.CopyAddress, DoCopyDetails: c.Actions.CopyDetails,
		DoOpenHome: c.Actions.OpenHome, DoSignOut: c.Actions.SignOut,
		DoOffline: c.Actions.Offline, DoSwitch: c.Actions.Switch,
	}
	alone := map[Action]func(context.Context){
		DoShow:         c.Actions.Show,
		DoAdd:          c.Actions.Add,
		DoOpenSettings: c.Actions.OpenSettings,
		DoQuit:         c.Actions.Quit,
	}
	if f := about[a]; f != nil {
		f(ctx, tool)
	}
	if f := alone[a]; f != nil {
		f(ctx)
	}
	return a == DoQuit
}

func noTray(what string, err error) error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeNoTray, What: what, Who: auth.WhoYou,
		Do:  "start keyfob in a desktop session, or use `keyfob agent`",
		Err: errors.Join(ErrNoTray, err),
	}
}

// gone is the error where the desktop went away.
func gone() error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeNoTray, What: "the desktop's session bus went away", Who: auth.WhoYou,
		Do:  "start keyfob again in a desktop session",
		Err: ErrGone,
	}
}
