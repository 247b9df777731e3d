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
	running  *sync.WaitGroup // of what ends with the desktop
	begin    begin           // set when the desktop runs
}

// start begins a sign-in and returns at once. The person is told when it fails
// before ctx ends, with which it does not end itself.
func (s *signIns) start(ctx context.Context, tool string, o session.SignInOptions) {
	s.aside(ctx, tool, func(life context.Context) { s.signIn(ctx, life, tool, o) })
}

// aside runs f, a sign-in, and offers help while it does.
func (s *signIns) aside(ctx context.Context, tool string, f func(life context.Context)) {
	under, over := context.WithCancel(ctx)
	s.running.Go(func() { s.screen.offerHelp(under, tool, time.After(helpAfter)) })
	s.begin(func(life context.Context) {
		defer over()
		f(life)
	})
}

// startOffline begins a sign-in with offline_access, and has the settings ask for
// that from then on: a sign-in that fails changes nothing.
func (s *signIns) startOffline(ctx context.Context, tool string) {
	s.aside(ctx, tool, func(life context.Context) {
		settings, _ := s.settings.Last()
		err := settings.MayAddOffline(tool)
		if err == nil && s.signIn(ctx, life, tool, session.SignInOptions{Offline: true}) && s.settings.Path() != "" {
			err = config.AddOffline(life, s.settings.Path(), tool)
		}
		if err != nil {
			s.screen.complain(ctx, tool, "The settings were not changed", err)
		}
	})
}

// signIn reports whether it worked.
func (s *signIns) signIn(ctx, life context.Context, tool string, o session.SignInOptions) (ok bool) {
	err := s.sessions.SignIn(life, tool, o)
	if err != nil && auth.KindOf(err) != auth.KindCanceled && ctx.Err() == nil {
		s.screen.complain(ctx, tool, "Signing in to "+nameOf(ctx, s.sessions, tool)+" failed", err)
	}
	return err == nil
}
