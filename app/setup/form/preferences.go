package form

import (
	"time"

	"keyfob/auth"
)

// Preferences are how Keyfob itself behaves.
type Preferences struct {
	File          string          `json:"file"`
	Problem       *auth.Error     `json:"problem,omitempty"` // why nothing can be changed
	Reminders     []time.Duration `json:"reminders"`         // nanoseconds, longest first
	ClearAfter    time.Duration   `json:"clear_after"`       // nanoseconds; 0 is never
	Notifications bool            `json:"notifications"`
	Autostart     bool            `json:"autostart"`
	AutostartNote string          `json:"autostart_note,omitempty"` // what is wrong with what starts at login, a clause
	NoAutostart   string          `json:"no_autostart,omitempty"`   // why starting at login cannot be chosen here, a clause
}

// Change is a change of one preference; the others are nil.
type Change struct {
	Reminders     *[]time.Duration `json:"reminders,omitempty"`
	ClearAfter    *time.Duration   `json:"clear_after,omitempty"`
	Notifications *bool            `json:"notifications,omitempty"`
	Autostart     *bool            `json:"autostart,omitempty"`
	OpenFile      bool             `json:"open_file,omitempty"` // opens the settings file in an editor
}
