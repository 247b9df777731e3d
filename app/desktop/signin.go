package desktop

import (
	"context"
	"time"

	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/session"
)

// signIn signs in for a click, and tells the person when it failed. It reports
// whether it worked.
func (d *Desktop) signIn(ctx context.Context, tool string, o session.SignInOptions) (ok bool) {
	under, over := context.WithCancel(ctx)
	defer over()
	d.running.Go(func() { d.screen.offerHelp(under, tool, time.After(helpAfter)) })
	err := d.sessions.SignIn(ctx, tool, o)
	if err != nil && auth.KindOf(err) != auth.KindCanceled && ctx.Err() == nil {
		d.screen.complain(ctx, tool, "Signing in to "+nameOf(ctx, d.sessions, tool)+" failed", err)
	}
	return err == nil
}

// signInOffline signs in with offline_access, and has the settings ask for it
// from then on: a sign-in that failed changes nothing.
func (d *Desktop) signInOffline(ctx context.Context, tool string) {
	const title = "The settings were not changed"
	settings, _ := d.settings.Last()
	if err := settings.NotYours(tool, `add "offline_access" to its scopes there`); err != nil {
		d.screen.complain(ctx, tool, title, err)
		return
	}
	if !d.signIn(ctx, tool, session.SignInOptions{Offline: true}) || d.settings.Path() == "" {
		return
	}
	if err := config.AddOffline(ctx, d.settings.Path(), tool); err != nil {
		d.screen.complain(ctx, tool, title, err)
	}
}
