package engine

import (
	"time"

	"keyfob/auth"
)

// Facts is everything known of one tool's session. The loop owns it.
type Facts struct {
	Tool          auth.Tool
	BadSettings   *auth.Error  // the tool's settings cannot be used
	Loaded        bool         // the keychain has answered at least once
	Keychain      *auth.Error  // the keychain's last fault; nil when it answered
	KeychainHolds bool         // with a keychain that is absent: it is known to hold tokens, from elsewhere
	Tokens        *auth.Tokens // nil when there are none
	OtherClient   *auth.Error  // the keychain's tokens are of another client than the tool names now, so they are not used
	Store         string       // where Tokens are
	SigningIn     bool         // a person is in the browser
	SignInAt      time.Time    // since when, while SigningIn
	SignInURL     string       // the provider's address of the sign-in, while SigningIn
	Halted        *auth.Error  // refreshing failed in a way that trying again does not fix
	Problem       *auth.Error  // what the last sign-in or refresh failed with; nil after a success
	RetryAt       time.Time    // no refresh before this, after one that failed
}
