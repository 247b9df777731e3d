package session

import (
	"context"
	"strings"
	"time"

	"keyfob/auth"
)

// Step is one thing that a sign-in has really done.
type Step struct {
	Name   string `json:"name"`
	Detail string `json:"detail,omitempty"`
	// Open is a one-time address that the caller opens now in the person's
	// browser: with StepBrowser, for one caller with CallerOpens. Others who wait
	// for the same sign-in are told the step without it.
	Open string `json:"open,omitempty"`
}

// The steps, in their order.
const (
	StepKeychain   = "keychain"   // the keychain keeps the sign-in waiting; Detail: what for
	StepDiscovered = "discovered" // Detail: the issuer
	StepListening  = "listening"  // Detail: the redirect URI
	StepBrowser    = "browser"    // the browser was opened, or is to be, see Open; Detail: the address to which it is sent
	StepAddress    = "address"    // nobody opened a browser: a person opens the address in Detail
	StepAuthorized = "authorized" // the provider sent an authorization code
	StepVerified   = "verified"   // Detail: the account
	StepStored     = "stored"     // Detail: StoreKeychain or StoreMemory
)

// SignInOptions shape one sign-in.
type SignInOptions struct {
	NoBrowser bool       // report the address instead of opening it
	Prompt    string     // the `prompt` parameter (OpenID Connect Core 1.0 section 3.1.2.1), or empty
	Progress  func(Step) // called in the caller's goroutine; may be nil

	// CallerOpens says that the caller opens the browser, at the address in the
	// Open of StepBrowser, and nobody else does. A sign-in that is under way
	// already has its browser, so that one who joins it opens nothing.
	CallerOpens bool

	Offline       bool // asks for offline_access beside the tool's scopes
	SwitchAccount bool // the account that comes back may be another than the last one
}

// TokenOptions say what a caller wants of a token, and who is there for the
// keychain's questions.
type TokenOptions struct {
	MinValid time.Duration // for how much longer than now the access token has to be valid

	// MayUnlock says that a person is there to give the keychain's password, so
	// that one which is locked asks for it. Without it nobody is asked, and a
	// locked keychain is the error.
	MayUnlock bool
	// Waits is told, once and within three seconds, what the caller waits for: a
	// person with MayUnlock, or a slow keychain. The caller then waits until that
	// answers or its context ends. Where it is nil, the caller gets that as the
	// error, and the keychain goes on asking.
	Waits func(why *auth.Error)
}

// SignOutOptions shape one sign-out.
type SignOutOptions struct {
	Local   bool // nobody but this machine is told
	Browser bool // a person asked, so the provider's sign-out page may open
	// Pages are those of earlier sign-outs: a browser that one of them signed out
	// is not sent there again.
	Pages []string

	// Open opens the caller's browser at a one-time address, in place of the
	// engine's; nil leaves that to the engine. It may be called after the caller
	// has left, and fails then.
	Open func(ctx context.Context, address string) error

	MayUnlock bool                  // see [TokenOptions]
	Waits     func(why *auth.Error) // see [TokenOptions]
}

// SignOutResult is what became of a sign-out beyond this machine.
type SignOutResult struct {
	Words      []string `json:"words"`          // what happened, a clause each
	Incomplete bool     `json:"left"`           // something of the sign-in goes on at the provider
	Rule       string   `json:"rule,omitempty"` // with Incomplete: what signing out of this provider does and cannot do
	// Page names the session in the browser whose sign-out page was opened; empty
	// when none was.
	Page string `json:"page,omitempty"`
}

// Line is the result as one line for people.
func (p SignOutResult) Line() string { return strings.Join(p.Words, "; ") }
