package app

import (
	"context"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/notify"
)

// signOut signs out for a click: here, at the provider and in the browser. What
// the provider could not do is told.
func (d *desk) signOut(ctx context.Context, tool string) error {
	name := tool
	if s, err := d.snapshot(ctx, tool); err == nil {
		name = s.Name
	}
	p, err := d.sessions.SignOut(ctx, tool, session.SignOutOptions{Browser: true})
	body := signedOut(p)
	if err != nil {
		body = wording.Details(auth.AsError(err)) + "\n" + body
	}
	if (err == nil && !p.Incomplete) || ctx.Err() != nil {
		return nil
	}
	title := "Signed out of " + name + " on this machine"
	if err != nil {
		title = "Not signed out of " + name
	}
	return d.job(ctx, func(ctx context.Context) {
		d.notify(ctx, tool+"/signout", notify.Note{Title: title, Body: body, Icon: assets.IconOut})
	})
}

// signedOut is the result of a sign-out as a notification says it.
func signedOut(p session.SignOutResult) string {
	if p.Rule == "" {
		return p.Line()
	}
	return p.Line() + "\n" + p.Rule
}
