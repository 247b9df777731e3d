package app

import (
	"context"

	"keyfob/app/config"
	"keyfob/auth/session"
)

// MayAddOffline says before the sign-in when the settings of the tool are not
// the person's to change.
func (p program) MayAddOffline(tool string) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	return notYoursOffline(settings, tool)
}

func notYoursOffline(s *config.Settings, tool string) error {
	return s.NotYours(tool, `add "offline_access" to its scopes there`)
}

// AddOffline puts offline_access into the settings after a sign-in that asked
// for it.
func (p program) AddOffline(ctx context.Context, tool string) (file string, err error) {
	path, err := p.host.settingsPath(p.config)
	if err != nil {
		return "", err
	}
	return path, config.AddOffline(ctx, path, tool)
}

// signInOffline is the same for a click.
func (d *desk) signInOffline(ctx context.Context, tool string) {
	d.mu.Lock()
	err := notYoursOffline(d.settings, tool)
	d.mu.Unlock()
	if err != nil {
		d.complain(ctx, tool, "The settings were not changed", err)
		return
	}
	if !d.signInWith(ctx, tool, session.SignInOptions{Offline: true}) || d.path == "" {
		return
	}
	if err := config.AddOffline(ctx, d.path, tool); err != nil {
		d.complain(ctx, tool, "The settings were not changed", err)
	}
}
