package window

import (
	"slices"
	"strings"
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// filterFrom is how many tools a list holds before it has a field to find one.
const filterFrom = 9

// toolRows is the list: those that need the person first, as in the menu, and
// of all of them those whose name or ID holds the words of filter.
func toolRows(snaps []session.Snapshot, filter string, now time.Time) []widget.ListRow {
	snaps = slices.Clone(snaps)
	slices.SortStableFunc(snaps, func(a, b session.Snapshot) int { return a.Urgency() - b.Urgency() })
	wanted := strings.Fields(strings.ToLower(filter))
	var rows []widget.ListRow
	for _, s := range snaps {
		text := strings.ToLower(s.Name + " " + s.Tool)
		if slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(text, w) }) {
			continue
		}
		line := wording.Line(s, now)
		if renewsItself(s) && wording.Short(s.Problem) == "" {
			line += " · renews itself"
		}
		rows = append(rows, widget.ListRow{
			Key: s.Tool, Title: toolName(s), Text: auth.Line(line, 80), Icon: toolIcon(s), TimeLeft: timeLeft(s, now),
		})
	}
	return rows
}

// renewsItself reports whether a session goes on without a person and without
// a known end.
func renewsItself(s session.Snapshot) bool {
	return s.State == session.Active && !s.Service && s.Renewal != nil && s.Renewal.Mode == session.Automatic
}

func toolName(s session.Snapshot) string {
	if n := auth.Line(s.Name, 60); n != "" {
		return n
	}
	return auth.Line(s.Tool, 60)
}

// toolIcon is the icon that the tray would show if there were no other tool.
func toolIcon(s session.Snapshot) assets.Icon {
	switch {
	case s.State == session.Expired, s.Locked():
		return assets.IconNeeds
	case s.State == session.SigningIn:
		return assets.IconWorking
	case s.State == session.Expiring:
		return assets.IconSoon
	case s.State == session.Active:
		return assets.IconWell
	case wording.Short(s.Problem) != "" && s.Problem.Kind != auth.KindCanceled:
		return assets.IconProblem
	}
	return assets.IconOut
}

// timeLeft is the part of the session's life that lies ahead.
func timeLeft(s session.Snapshot, now time.Time) widget.TimeLeft {
	if !s.CountsDown() || s.SignedInAt.IsZero() || !s.EndsAt.After(s.SignedInAt) {
		return widget.TimeLeft{}
	}
	part := float32(s.EndsAt.Sub(now)) / float32(s.EndsAt.Sub(s.SignedInAt))
	return widget.TimeLeft{Shown: true, Part: min(max(part, 0), 1), Soon: s.State == session.Expiring}
}
