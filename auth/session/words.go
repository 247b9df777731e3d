package session

import (
	"strconv"
	"time"
)

// Words says the session's state as a person would, in a few words that fit
// behind the tool's name: "47 min left", "sign in again".
func (s Snapshot) Words(now time.Time) string {
	switch s.State {
	case SigningIn:
		if s.Service {
			return "getting a token…"
		}
		return "signing in…"
	case Expired:
		if s.Service {
			return "no token"
		}
		return "sign in again"
	case Unavailable:
		if s.Problem == nil {
			return "reading the keychain…"
		}
		return s.Problem.What
	case SignedOut:
		if s.Service {
			return "no token yet"
		}
		return "signed out"
	}
	if s.Renewal != nil && s.Renewal.Mode == Automatic && s.State == Active {
		if s.Service {
			return "has a token"
		}
		return "signed in"
	}
	return Left(s.EndsAt.Sub(now.Round(0)))
}

// Explained reports whether the reason why nothing renews the session is its
// problem, so that one of them says it.
func (s Snapshot) Explained() bool {
	return s.Renewal != nil && s.Problem != nil && s.Renewal.Reason == whyRefused(s.Problem)
}

// Moment says when at is, in now's place: "at 15:04" today, and else with the
// day, "on 2 Jan at 15:04".
func Moment(at, now time.Time) string {
	at = at.In(now.Location())
	switch {
	case at.Year() != now.Year():
		return "on " + at.Format("2 Jan 2006 at 15:04")
	case at.YearDay() != now.YearDay():
		return "on " + at.Format("2 Jan at 15:04")
	}
	return "at " + at.Format("15:04")
}

// Left says how much time is left, in minutes, as a person would.
func Left(d time.Duration) string {
	m := int(d / time.Minute)
	switch {
	case m < 1:
		return "less than a minute left"
	case m < 60:
		return strconv.Itoa(m) + " min left"
	case m < 48*60:
		return strconv.Itoa(m/60) + " h " + strconv.Itoa(m%60) + " min left"
	}
	return strconv.Itoa(m/60/24) + " days left"
}
