package cli

import (
	"keyfob/app/autostart"
	"keyfob/auth"
)

// Actions of `keyfob autostart`.
const (
	autostartOn     = "on"
	autostartOff    = "off"
	autostartStatus = "status"
)

// AutostartOptions are those of `keyfob autostart`.
type AutostartOptions struct {
	Action  string // on, off or status
	Replace bool   // on: also an entry that Keyfob did not make
	JSON    bool   // status
}

// parseAction takes the word after `keyfob autostart`.
func (o *AutostartOptions) parseAction(word string) error {
	if o.Action = word; word == "" {
		o.Action = autostartStatus
	}
	switch {
	case o.Action != autostartOn && o.Action != autostartOff && o.Action != autostartStatus:
		return usage("autostart takes on, off or status, not " + auth.Quote(word))
	case o.Replace && o.Action != autostartOn:
		return usage("--replace goes with autostart on")
	case o.JSON && o.Action != autostartStatus:
		return usage("--json goes with autostart status")
	}
	return nil
}

// RunAutostart runs `keyfob autostart`.
func RunAutostart(c Command, s autostart.Starter, w IO) error {
	switch c.Autostart.Action {
	case autostartOn:
		if err := s.On(c.Autostart.Replace); err != nil {
			return err
		}
	case autostartOff:
		if err := s.Off(); err != nil {
			return err
		}
	}
	state, err := s.Status()
	if err != nil {
		return err
	}
	switch {
	case c.Autostart.Action != autostartStatus:
		return Say(w.Err, autostartWords(state))
	case c.Autostart.JSON:
		return printJSON(w.Out, state)
	}
	return Say(w.Out, autostartWords(state))
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
