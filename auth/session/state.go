package session

import (
	"time"

	"keyfob/auth"
)

// State is what a person is told about a session. It is derived, never stored.
type State string

// The states.
const (
	SignedOut   State = "signed_out"
	SigningIn   State = "signing_in"
	Active      State = "active"
	Expiring    State = "expiring"    // access ends soon and nothing renews it
	Expired     State = "expired"     // access has ended; a person must sign in again
	Unavailable State = "unavailable" // the keychain cannot be read: locked is not lost
)

// Renewal modes.
const (
	Automatic = "automatic" // a refresh token renews access without a person
	Manual    = "manual"    // a person signs in again; Reason says why
)

// Where the tokens are.
const (
	StoreKeychain = "keychain" // the OS keychain
	StoreMemory   = "memory"   // this process only: no keychain could take them
)

// Renewal says how access continues after the access token's end.
type Renewal struct {
	Mode   string `json:"mode"`
	Reason string `json:"reason,omitempty"` // for Manual, one sentence

	// Explained says, for Manual, that the session's Problem is the reason.
	Explained bool `json:"explained,omitempty"`

	// Bound says, for Automatic and where that can be told, what the refresh
	// token's life is bound to.
	Bound auth.Binding `json:"bound,omitempty"`
	// AddOffline says, for Manual, that asking for offline_access may bring a
	// refresh token.
	AddOffline bool `json:"add_offline,omitempty"`
}

// Snapshot is a session as the tray, the command line, the window and the
// tests see it. It holds no secret.
type Snapshot struct {
	Tool        string      `json:"tool"`
	Name        string      `json:"name"`
	Home        string      `json:"home,omitempty"`
	API         string      `json:"api,omitempty"` // what a call with the token goes to; empty for Home
	State       State       `json:"state"`
	Account     string      `json:"account,omitempty"`
	Scopes      []string    `json:"scopes,omitempty"`      // granted
	SignedInAt  time.Time   `json:"signed_in_at,omitzero"` //
	AccessUntil time.Time   `json:"access_until,omitzero"` // the access token's end
	EndsAt      time.Time   `json:"ends_at,omitzero"`      // when access ends for good; zero while it renews without a known end
	Renewal     *Renewal    `json:"renewal,omitempty"`     // nil when signed out
	Problem     *auth.Error `json:"problem,omitempty"`     //
	Store       string      `json:"store,omitempty"`       // keychain or memory
	MemoryUntil time.Time   `json:"memory_until,omitzero"` // with StoreMemory: when they are given up, where that is known, see InMemoryAtMost
	SignInURL   string      `json:"sign_in_url,omitempty"` // the provider's address of the sign-in, while signing in
	SignInAt    time.Time   `json:"sign_in_at,omitzero"`   // when the sign-in under way was begun
	Set         string      `json:"set,omitempty"`         // names the sign-in; new for each
	Reminder    time.Time   `json:"reminder,omitzero"`     // the last reminder that fell due; zero for none
	NextWake    time.Time   `json:"next_wake,omitzero"`    // when Derive would say something else, or a refresh is due
	RefreshAt   time.Time   `json:"refresh_at,omitzero"`   // when the next refresh is due; zero for none

	// SecretExpires is when the client's secret ends, and with it every
	// sign-in; zero when the settings do not say.
	SecretExpires time.Time `json:"client_secret_expires,omitzero"`

	Service  bool     `json:"service,omitempty"`  // a service account: nobody signs in, a token comes when one is asked for
	Warnings []string `json:"warnings,omitempty"` // what works and is less safe than it could be, a sentence each
}

// Address is what a call with the tool's token goes to, or empty where nobody
// has said.
func (s Snapshot) Address() string {
	if s.API != "" {
		return s.API
	}
	return s.Home
}
