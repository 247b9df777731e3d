package app

import (
	"context"
	"fmt"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/auth/session"
)

// keepOffline puts offline_access into the settings after a sign-in that asked
// for it: one that failed changes nothing.
func (h host) keepOffline(c cli.Command) error {
	path, err := h.settingsPath(c)
	if err != nil {
		return err
	}
	if err := config.AddOffline(path, c.Tool); err != nil {
		return err
	}
	_, err = fmt.Fprintln(h.err, c.Tool+" asks for offline_access in "+path+" from now on")
	return err
}

// signInOffline is the same for a click.
func (d *desk) signInOffline(ctx context.Context, tool string) {
	if !d.signInWith(ctx, tool, session.SignInOptions{Offline: true}) || d.path == "" {
		return
	}
	if err := config.AddOffline(d.path, tool); err != nil {
		d.complain(ctx, tool, "The settings were not changed", err)
	}
}
