package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

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

// exits is the one map from an error to the exit code, with what help says of
// each. Kinds that stand nowhere end with ExitFailed.
var exits = []struct {
	code  int
	means string
	kinds []auth.Kind
}{
	{ExitOK, "done", nil},
	{ExitFailed, "failed", nil},
	{ExitUsage, "usage", []auth.Kind{auth.KindUsage}},
	{ExitSignIn, "sign-in needed", []auth.Kind{auth.KindSignIn, auth.KindGrant}},
	{ExitTryLater, "provider or network unavailable for now", []auth.Kind{auth.KindTransient}},
	{ExitKeychain, "keychain unavailable", []auth.Kind{auth.KindKeychain, auth.KindDamaged}},
}

// ExitCode returns the process's exit code for err.
func ExitCode(err error) int {
	if err == nil {
		return ExitOK
	}
	kind := auth.KindOf(err)
	for _, e := range exits {
		if slices.Contains(e.kinds, kind) {
			return e.code
		}
	}
	return ExitFailed
}

// ExitCodes says what each exit code means, in one line with between between
// them.
func ExitCodes(between string) string {
	text := "Exit codes: "
	for i, e := range exits {
		if i > 0 {
			text += between
		}
		text += strconv.Itoa(e.code) + " " + e.means
	}
	return text + "."
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
