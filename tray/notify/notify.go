// Package notify shows a person desktop notifications with buttons and tells
// which button was pressed.
//
// It owns one connection to the desktop and what it put on the screen. It waits
// for a notification server as long as its caller's context lets it. It must
// never be given a secret, never decide what is worth telling, and never take
// away what another program shows.
package notify

import (
	"errors"
	"strings"

	"keyfob/assets"
	"keyfob/auth"
)

// ErrUnavailable is the cause of errors on a desktop that shows no
// notifications: tell the person in another way.
var ErrUnavailable = errors.New("no notifications")

// Note is a notification. All of it is plain text.
type Note struct {
	Title   string
	Body    string
	Actions []Action    // buttons; the first is also what a click on the notification itself does, unless one has the ID Default
	Urgent  bool        // stays until someone reacts
	Icon    assets.Icon // "" for the desktop's own choice
}

// Action is a button.
type Action struct {
	ID    string // what Event tells when it is pressed
	Label string
}

// Default is the ID of an action that has no button: a click on the notification
// itself.
const Default = "default"

// Shown is what is on the screen, for whoever comes after a crash to take away.
// It is good for one life of a notification server.
type Shown struct {
	Bus    string   `json:"bus"`    // by the ID that no other has
	Server string   `json:"server"` // by its unique name there
	IDs    []uint32 `json:"ids"`
}

// Event is a button that was pressed.
type Event struct {
	Key    string // of the notification
	Action string // the button's ID
}

// Longest texts, in characters. Servers cut much earlier; this only keeps a
// stranger's text from filling the bus.
const (
	maxTitle = 200
	maxBody  = 2000
)

// lines makes text fit to be shown, in several lines and of at most limit
// characters.
func lines(text string, limit int) string {
	text = strings.ReplaceAll(auth.CleanLines(text), "\t", " ")
	if r := []rune(text); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return text
}

func unavailable(code, what, do string, err error) error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: code, What: what, Do: do, Who: auth.WhoYou,
		Err: errors.Join(ErrUnavailable, err),
	}
}
