package session

import (
	"time"

	"keyfob/auth"
)

// BadSettings reports a tool that can do nothing until its settings are fixed.
func (s Snapshot) BadSettings() bool {
	return s.State == SignedOut && s.Problem != nil && s.Problem.Code == auth.CodeSettings
}

// Locked reports whether a person has to unlock the keychain for s.
func (s Snapshot) Locked() bool {
	if s.State != Unavailable || s.Problem == nil {
		return false
	}
	switch s.Problem.Code {
	case auth.CodeKeychainLocked, auth.CodeKeychainApprove, auth.CodeKeychainAsking, auth.CodeKeychainRefused, auth.CodeKeychainWaiting:
		return true
	}
	return false
}

// InMemoryAtMost is s of an engine that gives up at end what only its memory
// holds, and sooner what has ended by then.
func (s Snapshot) InMemoryAtMost(end time.Time) Snapshot {
	if s.Store != StoreMemory {
		return s
	}
	if s.MemoryUntil = end; !s.EndsAt.IsZero() && s.EndsAt.Before(end) {
		s.MemoryUntil = s.EndsAt
	}
	return s
}

// Urgency sorts the tools, 0 before 1: those that need a person come first. A
// sign-in under way stays among them, so that its Cancel is where it was begun.
func (s Snapshot) Urgency() int {
	switch {
	case s.State == Expired, s.State == SigningIn, s.State == Unavailable && s.Problem != nil:
		return 0
	case s.State == Expiring:
		return 1
	case s.BadSettings():
		return 2
	}
	return 3
}

// CountsDown reports whether the words for s hold a time.
func (s Snapshot) CountsDown() bool {
	return s.State == Expiring || s.State == Active && (s.Renewal == nil || s.Renewal.Mode != Automatic)
}

// CanSignIn reports whether a person may sign in to s.
func (s Snapshot) CanSignIn() bool {
	if s.State != Unavailable {
		return true
	}
	// What a newer Keyfob stored must not be replaced by this one.
	return s.Problem != nil && s.Problem.Code != auth.CodeKeychainNewer
}

// CanCopy reports whether there is a token to be copied at now.
func (s Snapshot) CanCopy(now time.Time) bool {
	switch s.State {
	case Active, Expiring:
		return true
	case SigningIn:
		return s.AccessUntil.After(now)
	case SignedOut:
		return s.Service && !s.BadSettings() // asking for a token is enough
	}
	return false
}

// CanSignOut reports whether there is something to sign out of.
func (s Snapshot) CanSignOut() bool {
	switch s.State {
	case Active, Expiring, Expired:
		return true
	case SignedOut:
		// What the keychain holds is of another client, and may be thrown away.
		return s.Problem != nil && s.Problem.Code == auth.CodeOtherClient
	case Unavailable:
		// Signing out is how a person throws a damaged entry away.
		return s.Problem != nil && s.Problem.Kind == auth.KindDamaged
	}
	return false
}

// Explained reports whether the reason why nothing renews the session is its
// problem, so that one of them says it.
func (s Snapshot) Explained() bool { return s.Renewal != nil && s.Renewal.Explained }
