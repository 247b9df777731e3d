package app

import (
	"context"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/notify"
)

// scopesChanged returns the sessions whose sign-in asked for other scopes than
// the settings do.
func (d *desk) scopesChanged(ctx context.Context) []session.Snapshot {
	all, _ := d.sessions.Snapshots(ctx)
	var changed []session.Snapshot
	for _, s := range all {
		if s.Problem != nil && s.Problem.Code == auth.CodeScopesChanged {
			changed = append(changed, s)
		}
	}
	return changed
}

// askForScopes asks the person who has just changed the settings to sign in
// again where that needs it. Nobody is asked twice: from then on the menu and
// `keyfob status` say so.
func (d *desk) askForScopes(ctx context.Context, before []session.Snapshot) {
	for _, s := range d.scopesChanged(ctx) {
		if len(without(before, s.Tool)) < len(before) {
			continue
		}
		_ = d.job(ctx, func(ctx context.Context) { d.notify(ctx, s.Tool+"/scopes", scopesNote(s)) })
	}
}

func scopesNote(s session.Snapshot) notify.Note {
	return notify.Note{
		Title:   s.Name + ": the scopes have changed",
		Body:    wording.Details(s.Problem),
		Icon:    assets.IconNeeds,
		Actions: []notify.Action{{ID: pressSignIn + s.Tool, Label: "Sign in again"}, {ID: pressLater, Label: "Later"}},
	}
}
