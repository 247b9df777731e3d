package auth

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind says what an error means for the session and for the exit code. It is
// decided once, where the error is made.
type Kind string

// The kinds of error.
const (
	KindFailed    Kind = "failed"    // an error without a better kind
	KindUsage     Kind = "usage"     // the caller asked for something that is not there
	KindSetup     Kind = "setup"     // settings or registration are wrong; trying again does not help
	KindSignIn    Kind = "sign_in"   // a person has to sign in
	KindDenied    Kind = "denied"    // the person or the provider declined this sign-in
	KindGrant     Kind = "grant"     // the provider refused the refresh token for good
	KindTransient Kind = "transient" // network or provider fault that may pass; nothing is lost
	KindProtocol  Kind = "protocol"  // the provider's answer broke a rule and was refused
	KindKeychain  Kind = "keychain"  // the OS keychain cannot be read or written now
	KindDamaged   Kind = "damaged"   // the keychain's entry is there and unusable
	KindCanceled  Kind = "canceled"  // the person cancelled, or nobody answered in time
)

// Who must act for an error to go away.
type Who string

// The actors.
const (
	WhoYou     Who = "you"           // the person at the machine
	WhoAdmin   Who = "administrator" // whoever runs the provider
	WhoMachine Who = "machine"       // whoever administers this machine
	WhoSetup   Who = "setup"         // whoever set up the tool
	WhoWait    Who = "wait"          // nobody: it is tried again
)

// Error is the one error type of signing in. Error() reads
// "what happened: what to do", in lower case, without a secret.
type Error struct {
	Kind Kind   `json:"kind"`
	Code string `json:"code,omitempty"` // stable word: the provider's `error`, or one of ours
	What string `json:"what"`           // what happened
	Do   string `json:"do,omitempty"`   // what Who does about it; for an administrator a bare verb with its object
	Who  Who    `json:"who,omitempty"`

	Detail string `json:"detail,omitempty"` // the provider's own words, through Quote, where ours say too little
	// Ref is what the provider's support finds it by: error number, trace ID,
	// correlation ID, time.
	Ref  string `json:"ref,omitempty"`
	Link string `json:"link,omitempty"` // an address that whoever must act opens, such as for an administrator's consent

	RetryAfter time.Duration `json:"retry_after,omitempty"` // the provider's wish in nanoseconds, or 0
	Err        error         `json:"-"`                     // the cause, for errors.Is; not printed
}

// Error implements error.
func (e *Error) Error() string {
	if do := e.Advice(); do != "" {
		return e.What + ": " + do
	}
	return e.What
}

// Advice is what to do, as it is told to the person at the machine: what an
// administrator does is to be asked for.
func (e *Error) Advice() string {
	switch {
	case e.Do == "":
		return ""
	case e.Who == WhoAdmin:
		return "ask the provider's administrator to " + e.Do
	case e.Who == WhoMachine:
		return "ask the administrator of this machine to " + e.Do
	}
	return e.Do
}

// Note says in one line what helps beside Error(): the provider's words, the
// link to pass on, the reference. Empty when there is nothing.
func (e *Error) Note() string {
	var parts []string
	if e.Detail != "" {
		parts = append(parts, "the provider said "+e.Detail)
	}
	if e.Link != "" {
		parts = append(parts, "link for the administrator: "+e.Link)
	}
	if e.Ref != "" {
		parts = append(parts, "reference: "+e.Ref)
	}
	return strings.Join(parts, "; ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// AsError returns err as an *Error, wrapping a stranger's error as KindFailed and
// one of a context that was cancelled as KindCanceled, in words for a person. It
// returns nil for nil.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	switch {
	case errors.Is(err, context.Canceled):
		return &Error{Kind: KindCanceled, Code: CodeCanceled, What: "cancelled before it was done", Who: WhoYou, Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Kind: KindFailed, What: "it took too long", Do: "try again", Who: WhoYou, Err: err}
	}
	return &Error{Kind: KindFailed, What: err.Error(), Err: err}
}

// KindOf returns the kind of err, or "" for nil.
func KindOf(err error) Kind {
	if e := AsError(err); e != nil {
		return e.Kind
	}
	return ""
}

// Quote makes text from outside safe to show in one line: quoted, without
// control characters, at most 200 bytes.
func Quote(s string) string {
	const limit = 200
	if len(s) > limit {
		s = s[:limit]
		for !utf8.ValidString(s) && len(s) > 0 {
			s = s[:len(s)-1]
		}
		s += "…"
	}
	return Clean(strconv.Quote(s)) // which leaves what looks like nothing
}
