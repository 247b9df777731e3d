package session

import (
	"strings"
	"time"

	"keyfob/auth"
)

// Step is one thing that a sign-in has really done.
type Step struct {
	Name   string `json:"name"`
	Detail string `json:"detail,omitempty"`
}

// The steps, in their order.
const (
	StepKeychain   = "keychain"   // the keychain keeps the sign-in waiting; Detail: what for
	StepDiscovered = "discovered" // Detail: the issuer
	StepListening  = "listening"  // Detail: the redirect URI
	StepBrowser    = "browser"    // the browser was opened; Detail: the address to which it is sent
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

	// CallerOpens has the caller open the address that [StepBrowser] names: the
	// engine opens nothing.
	CallerOpens bool

	Offline       bool // asks for offline_access beside the tool's scopes
	SwitchAccount bool // the account that comes back may be another than the last one
}

// SignOutOptions shape one sign-out.
type SignOutOptions struct {
	Local   bool // nobody but this machine is told
	Browser bool // a person asked, so the provider's sign-out page may open
	// Pages are those of earlier sign-outs: a browser that one of them signed out
	// is not sent there again.
	Pages []string

	MayUnlock bool                  // a person is there to give the keychain's password
	Waits     func(why *auth.Error) // told once what the caller waits for meanwhile; may be nil
}

// TokenOptions shape one request for a token.
type TokenOptions struct {
	MinValid  time.Duration         // the token is valid for more than this
	MayUnlock bool                  // a person is there to give the keychain's password
	Waits     func(why *auth.Error) // told once what the caller waits for meanwhile; may be nil
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
