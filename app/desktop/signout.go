package desktop

import (
	"context"

	"keyfob/auth/session"
)

// signOut signs out for a click: here, at the provider and in the browser. What
// the provider could not do is told.
func (d *Desktop) signOut(ctx context.Context, tool string) error {
	name := nameOf(ctx, d.sessions, tool)
	result, err := d.sessions.SignOut(ctx, tool, session.SignOutOptions{Browser: true, MayUnlock: true})
	if (err == nil && !result.Incomplete) || ctx.Err() != nil {
		return nil
	}
	return d.screen.do(ctx, func(context.Context) {
		d.screen.notices.show(tool+"/signout", signOutNote(name, result, err))
	})
}
