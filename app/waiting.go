package app

import (
	"context"
	"time"

	"keyfob/app/agent"
	"keyfob/auth/session"
)

// helpAfter is how long a sign-in may be under way before the window offers
// its help. Where the browser knows the person already, it is done by then.
const helpAfter = 5 * time.Second

// offerHelp opens the page of a sign-in that a person began in the menu or in
// a notification, when late comes before ctx ends, which it does with the
// sign-in. Nobody has asked for that page, so it takes no keyboard, and it
// stays away from whoever has a window open already.
func (t *teller) offerHelp(ctx context.Context, tool string, late <-chan time.Time) {
	select {
	case <-late:
	case <-ctx.Done():
		return
	}
	if all, err := t.manager.Snapshots(ctx); err != nil || !inBrowser(all, tool) {
		return
	}
	_ = t.job(ctx, func(life context.Context) {
		if t.locked || t.window.closed != nil || t.main.closed != nil || ctx.Err() != nil {
			return
		}
		if err := t.main.pageQuietly(life, agent.PageWaiting+"/"+tool); err != nil {
			t.grumble(err.Error())
		}
	})
}

// inBrowser reports whether a person has to do with tool's sign-in.
func inBrowser(all []session.Snapshot, tool string) bool {
	for _, s := range all {
		if s.Tool == tool {
			return s.State == session.SigningIn && !s.Service
		}
	}
	return false
}

// reopen opens the browser once more for the sign-in under way.
func (d *desk) reopen(ctx context.Context, tool string) error { return d.sessions.Reopen(ctx, tool) }
