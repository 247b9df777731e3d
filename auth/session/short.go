package session

import (
	"slices"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/oidc"
)

// Line is Words with the problem in a few more, as it stands behind the tool's
// name in a list or a menu.
func (s Snapshot) Line(now time.Time) string {
	problem := Short(s.Problem)
	calm := s
	calm.Problem = nil
	state := calm.Words(now)
	switch {
	case problem == "" || s.State == SigningIn:
		return state
	case s.State == Unavailable || s.BadSettings():
		return problem
	}
	return state + " · " + problem
}

// Short is a problem in at most four words, and empty for what is none: a
// person who cancelled knows it.
func Short(e *auth.Error) string {
	if e == nil {
		return ""
	}
	if isSettings(e) {
		return "settings need fixing"
	}
	switch e.Code {
	case auth.CodeCanceled:
		return ""
	case auth.CodeTimeout:
		return "nobody answered"
	case auth.CodeKeychainLocked, auth.CodeKeychainRefused:
		return "keychain locked"
	case auth.CodeKeychainApprove:
		return "keychain asks first"
	case auth.CodeKeychainAsking:
		return "answer the keychain"
	case auth.CodeKeychainWaiting:
		return "unlock the keychain"
	case auth.CodeKeychainAbsent:
		return "no keychain"
	case auth.CodeKeychainSlow:
		return "keychain is slow"
	case auth.CodeKeychainTimeout:
		return "keychain does not answer"
	case auth.CodeKeychainNewer:
		return "stored by newer Keyfob"
	case auth.CodeMandatoryScopes:
		return "scopes missing"
	case auth.CodeScopesChanged:
		return "scopes have changed"
	case auth.CodeOtherClient:
		return "settings have changed"
	case auth.CodeOtherAccount:
		return "another account"
	case auth.CodeClock:
		return "wrong clock"
	case auth.CodeProxy, auth.CodeProxyLogin, auth.CodeProxyDenied:
		return "proxy problem"
	case auth.CodePortsBusy:
		return "port in use"
	case auth.CodeBrowser:
		return "no browser opened"
	}
	if slices.Contains(oidc.TLSCodes(), e.Code) {
		return "no secure connection"
	}
	switch e.Kind {
	case auth.KindTransient:
		return "provider unreachable"
	case auth.KindSetup, auth.KindUsage:
		return "setup problem"
	case auth.KindDenied:
		return "sign-in declined"
	case auth.KindGrant:
		return "sign-in refused"
	case auth.KindProtocol:
		return "provider's answer refused"
	case auth.KindKeychain:
		return "keychain unavailable"
	case auth.KindDamaged:
		return "keychain entry damaged"
	case auth.KindCanceled:
		return "sign-in not finished"
	}
	return "sign-in failed"
}

func isSettings(e *auth.Error) bool { return strings.HasPrefix(e.Code, "settings") }

// BadSettings reports a tool that can do nothing until its settings are fixed.
func (s Snapshot) BadSettings() bool {
	return s.State == SignedOut && s.Problem != nil && isSettings(s.Problem)
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

// SignInLabel is what signing in to s is called.
func (s Snapshot) SignInLabel() string {
	renewing := s.Renewal != nil && s.Renewal.Mode == Automatic
	switch {
	case s.Service: // nobody signs in to it
		return "Get a token"
	case s.State == Expired, s.State == Active && renewing:
		return "Sign in again"
	case s.State == Active, s.State == Expiring:
		return "Renew now"
	}
	return "Sign in"
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
