package tray

import (
	"time"

	"keyfob/assets"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// next is when a label changes by time alone: the next minute of the session
// that ends first. The others are told anew on the same occasion, so that any
// number of tools costs one wake a minute.
func next(snaps []session.Snapshot, now time.Time) time.Time {
	first, ok := soonest(snaps, now)
	if !ok {
		return time.Time{}
	}
	const day = 24 * time.Hour
	left := first.EndsAt.Round(0).Sub(now.Round(0))
	step := time.Minute
	if left >= 2*day {
		step = day
	}
	if left < step {
		return time.Time{} // "less than a minute left" until the state changes
	}
	return first.EndsAt.Add(-left.Truncate(step) + time.Nanosecond)
}

// soonest is the session that ends first of those whose end is told.
func soonest(snaps []session.Snapshot, now time.Time) (first session.Snapshot, ok bool) {
	for _, s := range snaps {
		if s.CountsDown() && s.EndsAt.After(now) && (!ok || s.EndsAt.Before(first.EndsAt)) {
			first, ok = s, true
		}
	}
	return first, ok
}

// summary is all sessions in one icon and one line.
func summary(snaps []session.Snapshot, now time.Time, o Options) (assets.Icon, string) {
	var needs, working, soon, problem, well []session.Snapshot
	for _, s := range snaps {
		switch {
		case s.State == session.Expired, s.Locked():
			needs = append(needs, s)
		case s.State == session.SigningIn:
			working = append(working, s)
		case s.State == session.Expiring:
			soon = append(soon, s)
		case s.State == session.Active:
			well = append(well, s)
		case wording.Short(s.Problem) != "" && s.Problem.Kind != auth.KindCanceled:
			problem = append(problem, s)
		}
	}
	switch {
	case len(needs) == 1 && needs[0].State == session.Expired:
		return assets.IconNeeds, "Keyfob: sign in again to " + name(needs[0])
	case len(needs) > 0:
		return assets.IconNeeds, "Keyfob: " + count(needs, " · "+wording.Short(needs[0].Problem), " tools need you")
	case len(working) > 0:
		return assets.IconWorking, "Keyfob: signing in to " + count(working, "…", " tools…")
	case len(soon) > 0:
		first, ok := soonest(soon, now)
		if !ok { // its end has come, and word of that has not
			return assets.IconSoon, "Keyfob: " + count(soon, " ends now", " sign-ins end now")
		}
		return assets.IconSoon, "Keyfob: " + count(soon, ends(first, now), " sign-ins end soon · "+name(first)+ends(first, now))
	case o.Problem != nil:
		return assets.IconProblem, "Keyfob: the settings cannot be used"
	case len(problem) > 0:
		return assets.IconProblem, "Keyfob: " + count(problem, " · "+wording.Short(problem[0].Problem), " tools have a problem")
	case len(snaps) == 0:
		return assets.IconOut, "Keyfob: no tools yet"
	case len(well) == 0:
		return assets.IconOut, "Keyfob: not signed in"
	}
	text := "Keyfob: signed in"
	if len(well) < len(snaps) {
		text += " to " + number(len(well)) + " of " + number(len(snaps))
	}
	if first, ok := soonest(well, now); ok {
		text += " · " + name(first) + ends(first, now)
	}
	return assets.IconWell, text
}

// ends says when s ends, by the clock: that stays true while time passes.
func ends(s session.Snapshot, now time.Time) string {
	return " ends " + wording.Moment(s.EndsAt, now)
}
