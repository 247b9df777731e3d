package app

import (
	"context"

	"keyfob/app/cli"
	"keyfob/app/config"
)

// mayKeepOffline says before the sign-in when the settings of the tool are not
// the person's to change.
func (h host) mayKeepOffline(c cli.Command) error {
	settings, err := h.settings(c)
	if err != nil {
		return err
	}
	return notYoursOffline(settings, c.Tool)
}

func notYoursOffline(s *config.Settings, tool string) error {
	return s.MayAddOffline(tool)
}

// keepOffline puts offline_access into the settings after a sign-in that asked
// for it: one that failed changes nothing.
func (h host) keepOffline(ctx context.Context, c cli.Command) error {
	path, err := h.settingsPath(c)
	if err != nil {
		return err
	}
	if err := config.AddOffline(ctx, path, c.Tool); err != nil {
		return err
	}
	return cli.Say(h.err, c.Tool+" asks for offline_access in "+path+" from now on")
}
