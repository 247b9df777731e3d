package setup

import (
	"context"

	"keyfob/app/autostart"
	"keyfob/app/config"
	"keyfob/app/setup/form"
	"keyfob/auth"
)

// Preferences says how Keyfob behaves, as the settings say now. Settings that
// cannot be read leave it as it was.
func (s Setup) Preferences(context.Context) (form.Preferences, error) {
	now, problem := s.Settings()
	p := form.Preferences{File: s.Path, Problem: problem, Reminders: now.Reminders, ClearAfter: now.ClearAfter, Notifications: !now.Quiet}
	var state autostart.State
	starter, err := s.Autostart()
	if err == nil {
		state, err = starter.Status()
	}
	if err != nil {
		p.NoAutostart = auth.AsError(err).Error()
	}
	p.Autostart, p.AutostartNote = state.On, state.Note
	return p, nil
}

// Change changes one of them at once, in the settings file and in what runs.
func (s Setup) Change(ctx context.Context, c form.Change) (form.Preferences, error) {
	var err error
	switch {
	case c.Reminders != nil:
		err = config.SetReminders(ctx, s.Path, *c.Reminders)
	case c.ClearAfter != nil:
		err = config.SetClearAfter(ctx, s.Path, *c.ClearAfter)
	case c.Notifications != nil:
		err = config.SetNotifications(ctx, s.Path, *c.Notifications)
	case c.Autostart != nil:
		err = s.startAtLogin(*c.Autostart)
	case c.OpenFile:
		if err := s.OpenFile(ctx); err != nil {
			return form.Preferences{}, err
		}
		return s.Preferences(ctx)
	}
	if err != nil {
		return form.Preferences{}, err
	}
	s.Reload(ctx)
	return s.Preferences(ctx)
}

func (s Setup) startAtLogin(on bool) error {
	starter, err := s.Autostart()
	switch {
	case err != nil:
		return err
	case on:
		return starter.On(false)
	}
	return starter.Off()
}
