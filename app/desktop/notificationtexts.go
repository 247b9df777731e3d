package desktop

import (
	"fmt"
	"strings"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/notify"
)

// This file holds what notifications say, all of it.

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
		Actions: signInOrLater(s, "Renew now"),
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
			Actions: signInOrLater(s, "Sign in"),
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
		Actions: showOrLater(),
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

// secretNote says that a client's secret ends soon.
func secretNote(s session.Snapshot, now time.Time) notify.Note {
	return notify.Note{
		Title: s.Name + ": " + wording.SecretWarning(s, now),
		Body:  s.Name + " would then refuse every sign-in. Ask your administrator for a new secret.",
		Icon:  assets.IconSoon,
	}
}

// scopesNote asks to sign in again for other scopes.
func scopesNote(s session.Snapshot) notify.Note {
	return notify.Note{
		Title:   s.Name + ": the scopes have changed",
		Body:    whatFailed(s.Problem),
		Icon:    assets.IconNeeds,
		Actions: signInOrLater(s, "Sign in again"),
	}
}

// signOutNote says what became of a sign-out that failed with err, nil for one
// that worked but left something at the provider.
func signOutNote(name string, r session.SignOutResult, err error) notify.Note {
	n := notify.Note{Title: "Signed out of " + name + " on this machine", Body: r.Line(), Icon: assets.IconOut}
	if r.Rule != "" {
		n.Body += "\n" + r.Rule
	}
	if err != nil {
		n.Title, n.Body = "Not signed out of "+name, whatFailed(auth.AsError(err))+"\n"+n.Body
	}
	return n
}

// noIconNote says that there is no icon.
func noIconNote(why *auth.Error) notify.Note {
	return notify.Note{Title: "Keyfob runs without an icon", Body: whatFailed(why), Actions: onClick(), Icon: assets.IconOut}
}

// noWindowNote says that no window opens.
func noWindowNote(why *auth.Error) notify.Note {
	return notify.Note{Title: "Keyfob cannot show its window", Body: whatFailed(why), Icon: assets.IconProblem}
}

// failureNote says that a click failed.
func failureNote(title string, err *auth.Error) notify.Note {
	return notify.Note{Title: title, Body: whatFailed(err), Actions: onClick(), Icon: assets.IconProblem}
}

// whatFailed is an error as the text of a notification.
func whatFailed(e *auth.Error) string { return wording.Begin(wording.Details(e)) }
