package app

import (
	"context"

	"keyfob/app/agent"
	"keyfob/app/config"
)

// preferences are how Keyfob behaves, as the settings file says now.
func (d *desk) preferences(context.Context) (agent.Preferences, error) {
	s, problem := d.host.loadSettings(d.path)
	return agent.Preferences{File: d.path, Problem: problem, Reminders: s.Reminders, ClearAfter: s.ClearAfter, Notifications: true}, nil
}

// changePreference changes one of them.
func (d *desk) changePreference(ctx context.Context, c agent.Change) (agent.Preferences, error) {
	if c.OpenFile {
		if err := d.openSettings(ctx, ""); err != nil {
			return agent.Preferences{}, err
		}
	}
	return d.preferences(ctx)
}

var _ = config.DefaultClearAfter
