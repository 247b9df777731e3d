package app

import (
	"fmt"
	"strings"
	"time"

	"keyfob/assets"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/notify"
)

// The buttons of a notification. What signs in to a tool has the tool's ID
// after it.
const (
	pressSignIn = "sign-in/"
	pressShow   = "show"
	pressLater  = "later"
)

// onClick is for a notification without buttons: whoever clicks on it wants to
// see more.
var onClick = []notify.Action{{ID: notify.Default, Label: "Show Keyfob"}}

// maxLines is how many sessions a notification names.
const maxLines = 6

// reminderNote says that access ends soon.
func reminderNote(s session.Snapshot, now time.Time) notify.Note {
	why := "because of the provider's session limit"
	if r := s.Renewal; r != nil && r.Reason != "" {
		why = "because " + r.Reason
	}
	return notify.Note{
		Title:   s.Name + ": " + wording.State(s, now),
		Body:    "Access ends " + wording.Moment(s.EndsAt, now.Local()) + ", " + why + ".",
		Actions: []notify.Action{{ID: pressSignIn + s.Tool, Label: "Renew now"}, {ID: pressLater, Label: "Later"}},
		Icon:    assets.IconSoon,
	}
}

// endedNote asks to sign in again, to one tool or to several.
func endedNote(ended []session.Snapshot, now time.Time) notify.Note {
	if len(ended) == 1 {
		s := ended[0]
		return notify.Note{
			Title:   "Your " + s.Name + " session has ended",
			Body:    whyEnded(s, now),
			Actions: []notify.Action{{ID: pressSignIn + s.Tool, Label: "Sign in"}, {ID: pressLater, Label: "Later"}},
			Urgent:  true,
			Icon:    assets.IconNeeds,
		}
	}
	var lines []string
	for i, s := range ended {
		if i == maxLines-1 && len(ended) > maxLines {
			lines = append(lines, fmt.Sprintf("and %d more", len(ended)-i))
			break
		}
		lines = append(lines, s.Name+whenEnded(s, now, ", "))
	}
	return notify.Note{
		Title:   fmt.Sprintf("%d sessions have ended", len(ended)),
		Body:    strings.Join(lines, "\n"),
		Actions: []notify.Action{{ID: pressShow, Label: "Show"}, {ID: pressLater, Label: "Later"}},
		Urgent:  true,
		Icon:    assets.IconNeeds,
	}
}

// whyEnded is when and why a session ended, with what the provider said last.
func whyEnded(s session.Snapshot, now time.Time) string {
	text := "It ended" + whenEnded(s, now, " ")
	if r := s.Renewal; r != nil && r.Reason != "" {
		text += ", because " + r.Reason
	}
	text += "."
	switch p := s.Problem; {
	case p == nil:
	case !s.Explained():
		text += " Last error: " + p.Error() + "."
	case p.Advice() != "": // what happened has been said
		text += " What to do: " + p.Advice() + "."
	}
	return text
}

// whenEnded is the time of the end behind what comes between, and nothing where
// no end lies in the past: a provider can end a session ahead of its time
// without saying when.
func whenEnded(s session.Snapshot, now time.Time, between string) string {
	if s.EndsAt.IsZero() || s.EndsAt.After(now) {
		return ""
	}
	return between + wording.Moment(s.EndsAt, now.Local())
}
