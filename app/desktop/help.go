package desktop

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
func (s *screen) offerHelp(ctx context.Context, tool string, late <-chan time.Time) {
	select {
	case <-late:
	case <-ctx.Done():
		return
	}
	is, ok := find(ctx, s.sessions, tool)
	if !ok || is.State != session.SigningIn || is.Service { // nobody has to do anything in a browser
		return
	}
	_ = s.do(ctx, func(life context.Context) {
		if s.notices.locked || s.windows.anyOpen() || ctx.Err() != nil {
			return
		}
		s.windows.offerPage(life, agent.PageWaiting+"/"+tool)
	})
}
