package app

import (
	"context"

	"keyfob/app/agent"
	"keyfob/app/autostart"
	"keyfob/app/config"
	"keyfob/app/desktop"
	"keyfob/auth"
)

// preferences are how Keyfob behaves, as the settings say now. Settings that
// cannot be read leave it as it was.
func (d *desk) preferences(context.Context) (agent.Preferences, error) {
	s, problem := d.settings.Load()
	if problem != nil {
		s, _ = d.settings.Last()
	}
	p := agent.Preferences{File: d.settings.Path(), Problem: problem, Reminders: s.Reminders, ClearAfter: s.ClearAfter, Notifications: !s.Quiet}
	var state autostart.State
	starter, err := autostart.Usual()
	if err == nil {
		state, err = starter.Status()
	}
	if err != nil {
		p.NoAutostart = auth.AsError(err).Error()
	}
	p.Autostart, p.AutostartNote = state.On, state.Note
	return p, nil
}

// changePreference changes one of them, at once: in the settings file, and in
// what runs.
func (d *desk) changePreference(ctx context.Context, c agent.Change) (agent.Preferences, error) {
	var err error
	switch {
	case c.Reminders != nil:
		err = config.SetReminders(ctx, d.settings.Path(), *c.Reminders)
	case c.ClearAfter != nil:
		err = config.SetClearAfter(ctx, d.settings.Path(), *c.ClearAfter)
	case c.Notifications != nil:
		err = config.SetNotifications(ctx, d.settings.Path(), *c.Notifications)
	case c.Autostart != nil:
		err = startAtLogin(*c.Autostart)
	case c.OpenFile:
		if err := desktop.OpenSettings(ctx, d.settings.Path()); err != nil {
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

func startAtLogin(on bool) error {
	starter, err := autostart.Usual()
	switch {
	case err != nil:
		return err
	case on:
		return starter.On(false)
	}
	return starter.Off()
}
