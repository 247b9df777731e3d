package wording

import (
	"time"

	"keyfob/auth/session"
)

// State says the session's state as a person would, in a few words that fit
// behind the tool's name: "47 min left", "sign in again".
func State(s session.Snapshot, now time.Time) string {
	switch s.State {
	case session.SigningIn:
		if s.Service {
			return "getting a token…"
		}
		return "signing in…"
	case session.Expired:
		if s.Service {
			return "no token"
		}
		return "sign in again"
	case session.Unavailable:
		if s.Problem == nil {
			return "reading the keychain…"
		}
		return s.Problem.What
	case session.SignedOut:
		if s.Service {
			return "no token yet"
		}
		return "signed out"
	}
	if s.Renewal != nil && s.Renewal.Mode == session.Automatic && s.State == session.Active {
		if s.Service {
			return "has a token"
		}
		return "signed in"
	}
	return TimeLeft(s.EndsAt.Sub(now.Round(0)))
}

// Line is State with the problem in a few more, as it stands behind the tool's
// name in a list or a menu.
func Line(s session.Snapshot, now time.Time) string {
	problem := Short(s.Problem)
	calm := s
	calm.Problem = nil
	state := State(calm, now)
	switch {
	case problem == "" || s.State == session.SigningIn:
		return state
	case s.State == session.Unavailable || s.BadSettings():
		return problem
	}
	return state + " · " + problem
}

// SignInLabel is what signing in to s is called.
func SignInLabel(s session.Snapshot) string {
	renewing := s.Renewal != nil && s.Renewal.Mode == session.Automatic
	switch {
	case s.Service: // nobody signs in to it
		return "Get a token"
	case s.State == session.Expired, s.State == session.Active && renewing:
		return "Sign in again"
	case s.State == session.Active, s.State == session.Expiring:
		return "Renew now"
	}
	return "Sign in"
}
