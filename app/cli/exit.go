package cli

import (
	"context"
	"errors"
	"io"

	"keyfob/auth"
)

// Exit codes.
const (
	ExitOK       = 0
	ExitFailed   = 1
	ExitUsage    = 2
	ExitSignIn   = 3 // a person has to sign in
	ExitTryLater = 4 // provider or network unavailable for now
	ExitKeychain = 5 // keychain unavailable
)

// ExitCode maps an error to the process's exit code. It is the only such map.
func ExitCode(err error) int {
	if err == nil {
		return ExitOK
	}
	switch auth.KindOf(err) {
	case auth.KindUsage:
		return ExitUsage
	case auth.KindSignIn, auth.KindGrant:
		return ExitSignIn
	case auth.KindTransient:
		return ExitTryLater
	case auth.KindKeychain, auth.KindDamaged:
		return ExitKeychain
	}
	return ExitFailed
}

// Report writes err for a person and returns the exit code. Errors that were
// joined are told one by one.
func Report(w io.Writer, err error) int {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range many.Unwrap() {
			Report(w, one)
		}
		return ExitCode(err)
	}
	if err != nil {
		e, line := auth.AsError(err), "keyfob: "+err.Error()
		if errors.Is(e.Err, context.Canceled) || errors.Is(e.Err, context.DeadlineExceeded) {
			line = "keyfob: " + e.Error() // a context's own words are for programmers
		}
		if note := e.Note(); note != "" {
			line += "; " + note
		}
		_ = Say(w, line)
	}
	return ExitCode(err)
}
