package desktop

import (
	"context"

	"keyfob/auth/session"
)

// signOut signs out for a click: here, at the provider and in the browser. What
// the provider could not do is told. It returns when that is done or ctx ends.
func (d *Desktop) signOut(ctx context.Context, aside begin, tool string) {
	done := make(chan struct{})
	aside(func(life context.Context) {
		defer close(done)
		life, cancel := context.WithTimeout(life, actionTimeout)
		defer cancel()
		name := nameOf(life, d.sessions, tool)
		result, err := d.sessions.SignOut(life, tool, session.SignOutOptions{Browser: true, MayUnlock: true})
		if err == nil && !result.Incomplete {
			return
		}
		_ = d.screen.do(ctx, func(context.Context) {
			d.screen.notices.show(tool+"/signout", signOutNote(name, result, err))
		})
	})
	select {
	case <-done:
	case <-ctx.Done():
	}
}
