//go:build windows || darwin

package keychain

import (
	"context"
	"errors"
)

// peek cannot tell: Windows has nothing to unlock, and the security program of
// macOS says nothing without asking.
func peek(context.Context) error { return nil }

// Await cannot wait for anything on this system, and says so. Elsewhere it
// returns nil once [Store.Peek] would give another code than code.
func Await(context.Context, string) error {
	return failed("the keychain cannot be watched on this system", errors.ErrUnsupported)
}
