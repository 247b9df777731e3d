package app

import (
	"context"

	"keyfob/app/config"
)

// MayAddOffline says before the sign-in when the settings of the tool are not
// the person's to change.
func (p program) MayAddOffline(tool string) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	return settings.MayAddOffline(tool)
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
