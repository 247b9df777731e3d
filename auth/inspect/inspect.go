// Package inspect is what a person is told about their tokens: what a
// token says, claim by claim and in plain words, when it ends, and which scopes
// were granted of those that were asked for. Package parse makes that of tokens.
//
// It owns types alone, so that whoever shows them does not link what reads
// tokens. An [Inspection] must never hold a token, a signature, or a secret that
// a provider put into a claim.
package inspect

import (
	"time"

	"keyfob/auth"
)

// Inspection is what there is to know of a tool's tokens, without them.
type Inspection struct {
	Tool     string       `json:"tool"`
	Account  auth.Account `json:"account"`
	ClientID string       `json:"client_id"`

	SignedInAt time.Time `json:"signed_in_at,omitzero"` // when a person last signed in
	IssuedAt   time.Time `json:"issued_at,omitzero"`    // when the access token arrived
	Expiry     time.Time `json:"expiry"`                // the access token's end
	Expired    bool      `json:"expired"`               // it had ended when this was made

	RefreshToken  bool      `json:"refresh_token"`           // there is one
	RefreshExpiry time.Time `json:"refresh_expiry,omitzero"` // its known end

	Access Token  `json:"access"`
	ID     *Token `json:"id,omitempty"` // nil when there is none

	Scopes     []Scope `json:"scopes"`      // asked for, then granted unasked
	ScopesSaid bool    `json:"scopes_said"` // the provider said what it granted; else it is what was asked for (RFC 6749 section 5.1)
}

// Form is what a token is made of.
type Form string

// The forms.
const (
	JWT       Form = "jwt"       // signed, and readable by everybody (RFC 7515)
	Encrypted Form = "encrypted" // only whom it is meant for can read it (RFC 7516)
	Opaque    Form = "opaque"    // a name for what the provider knows
)

// Token is what one token says.
type Token struct {
	Form     Form    `json:"form"`
	Length   int     `json:"length"`             // in bytes
	Unsigned bool    `json:"unsigned,omitempty"` // anybody could have written it
	TooLong  bool    `json:"too_long,omitempty"` // nothing of it was read
	Header   []Claim `json:"header,omitempty"`
	Claims   []Claim `json:"claims,omitempty"`
	Left     int     `json:"left,omitempty"` // claims that are not in Claims, because there are too many
}

// Claim is one statement of a token. All text is on one line, of printable
// characters alone.
type Claim struct {
	Name    string    `json:"name"`
	Value   string    `json:"value"`             // a list with commas, what is nested as JSON
	At      time.Time `json:"at,omitzero"`       // the value, where it is a time
	Meaning string    `json:"meaning,omitempty"` // in plain words; empty for a claim that is not known
	Hidden  bool      `json:"hidden,omitempty"`  // the value is a secret, and is not here
	Cut     bool      `json:"cut,omitempty"`     // Value is not all of it
	Again   bool      `json:"again,omitempty"`   // the token has a claim of that name ahead of this one
}

// Scope is one scope as it was asked for and as it was granted.
type Scope struct {
	Name      string `json:"name"`
	Asked     bool   `json:"asked"`
	Granted   bool   `json:"granted"`
	Mandatory bool   `json:"mandatory,omitempty"` // the settings call a sign-in without it a failure
	Meaning   string `json:"meaning,omitempty"`   // what it asks for, for scopes that are known
}
