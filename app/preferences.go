package app

import (
	"context"

	"keyfob/app/agent"
	"keyfob/app/config"
)

// preferences are how Keyfob behaves, as the settings say now.
func (d *desk) preferences(context.Context) (agent.Preferences, error) {
	s, problem := d.host.loadSettings(d.path)
	return agent.Preferences{
		File: d.path, Problem: problem,
		Reminders: s.Reminders, ClearAfter: s.ClearAfter, Notifications: !s.Quiet,
		NoAutostart: "the desktop's own settings say which programs start at login",
	}, nil
}

// changePreference changes one of them, at once: in the settings file, and in
// what runs.
func (d *desk) changePreference(ctx context.Context, c agent.Change) (agent.Preferences, error) {
	var err error
	switch {
	case c.Reminders != nil:
		err = config.SetReminders(d.path, *c.Reminders)
	case c.ClearAfter != nil:
		err = config.SetClearAfter(d.path, *c.ClearAfter)
	case c.Notifications != nil:
		err = config.SetNotifications(d.path, *c.Notifications)
	case c.OpenFile:
		if err := d.openSettings(ctx, ""); err != nil {
			return agent.Preferences{}, err
		}
		return d.preferences(ctx)
	}
	if err != nil {
		return agent.Preferences{}, err
	}
	d.reload(ctx)
	return d.preferences(ctx)
}
