package app

import (
	"context"

	"keyfob/app/agent/server"
	"keyfob/app/autostart"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/app/desktop"
	"keyfob/app/setup"
	"keyfob/auth"
)

// setup is what a person sets up in the window. reload takes over what the settings say now.
func (h host) setup(s *daemon.Settings, secrets setup.Secrets, reload func(ctx context.Context)) server.Setup {
	if s.Path() == "" {
		return setup.Demo{}
	}
	return setup.Setup{
		Path: s.Path(), System: h.system, Now: h.now, Autostart: autostart.Usual,
		Secrets: secrets,
		Settings: func() (*config.Settings, *auth.Error) {
			now, problem := s.Load()
			if problem != nil {
				now, _ = s.Last()
			}
			return now, problem
		},
		Reload:   reload,
		OpenFile: func(ctx context.Context) error { return desktop.OpenSettings(ctx, s.Path()) },
	}
}
