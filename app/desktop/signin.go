package desktop

import (
	"context"
	"sync"
	"time"

	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// signIns signs in for clicks in the menu and on notifications.
type signIns struct {
	sessions *engine.Manager
	settings Settings
	screen   *screen
	running  *sync.WaitGroup // of sign-ins that are under way
}

// start begins a sign-in and returns at once. The person is told when it fails.
func (s *signIns) start(ctx context.Context, tool string, o session.SignInOptions) {
	s.running.Go(func() { s.signIn(ctx, tool, o) })
}

// startOffline begins a sign-in with offline_access, and has the settings ask for
// that from then on: a sign-in that fails changes nothing.
func (s *signIns) startOffline(ctx context.Context, tool string) {
	s.running.Go(func() {
		settings, _ := s.settings.Last()
		err := settings.MayAddOffline(tool)
		if err == nil && s.signIn(ctx, tool, session.SignInOptions{Offline: true}) && s.settings.Path() != "" {
			err = config.AddOffline(ctx, s.settings.Path(), tool)
		}
		if err != nil {
			s.screen.complain(ctx, tool, "The settings were not changed", err)
		}
	})
}

// signIn reports whether it worked.
func (s *signIns) signIn(ctx context.Context, tool string, o session.SignInOptions) (ok bool) {
	under, over := context.WithCancel(ctx)
	defer over()
	s.running.Go(func() { s.screen.offerHelp(under, tool, time.After(helpAfter)) })
	err := s.sessions.SignIn(ctx, tool, o)
	if err != nil && auth.KindOf(err) != auth.KindCanceled && ctx.Err() == nil {
		s.screen.complain(ctx, tool, "Signing in to "+nameOf(ctx, s.sessions, tool)+" failed", err)
	}
	return err == nil
}
