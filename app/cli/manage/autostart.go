package manage

import (
	"keyfob/app/autostart"
	"keyfob/app/cli"
)

// Autostart does what `keyfob autostart` says.
type Autostart struct {
	Starter autostart.Starter
	Env     cli.Env
}

var _ cli.Autostart = Autostart{}

// On has a login start the program, and says so.
func (a Autostart) On(o cli.AutostartOnOptions) error {
	if err := a.Starter.On(o.Replace); err != nil {
		return err
	}
	return a.sayState()
}

// Off has a login start nothing any more, and says so.
func (a Autostart) Off() error {
	if err := a.Starter.Off(); err != nil {
		return err
	}
	return a.sayState()
}

// Status prints what a login does.
func (a Autostart) Status(o cli.AutostartStatusOptions) error {
	state, err := a.Starter.Status()
	switch {
	case err != nil:
		return err
	case o.JSON:
		return cli.PrintJSON(a.Env.Out, state)
	}
	return cli.Say(a.Env.Out, autostartWords(state))
}

// sayState says what a login does now.
func (a Autostart) sayState() error {
	state, err := a.Starter.Status()
	if err != nil {
		return err
	}
	return cli.Say(a.Env.Err, autostartWords(state))
}

// autostartWords says what a login does.
func autostartWords(s autostart.State) string {
	words := "off: a login does not start keyfob"
	if s.On {
		words = "on: a login starts " + s.Program + ", says " + s.Place
	}
	if s.Note != "" {
		words += "; " + s.Note
	}
	return words
}
