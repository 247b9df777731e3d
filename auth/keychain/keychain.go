// Package keychain owns what Keyfob keeps in the operating system's keychain:
// token sets and client secrets. A set is a JSON record (record.go), cut into
// chunks where need be (vault.go), in items whose names, checksums and format
// version are in items.go. [Child] does the work in a helper process, [Direct] in
// this one.
//
// A set has two slots, written in turn, and one manifest item says which of
// them counts. Whatever is killed at whatever moment, the manifest names a
// complete set, the old one or the new one. The items' names never change, so
// that a keychain which asks a person about each item asks about few. Where a
// keychain takes only small items, a slot is cut into chunks.
//
// A locked keychain asks a person for its password when it is used. [Store.Peek]
// tells beforehand and asks nobody; [Careful] is for what happens by itself, and
// [Await] tells when the keychain is back.
//
// The package must never write a token anywhere else, above all not to a file,
// an argument, an environment or an error; never take a locked keychain for an
// empty one; and never delete what it cannot read unless it is asked to delete.
package keychain

import (
	"context"
	"errors"
	"strings"
	"time"

	"keyfob/auth"
)

// Store keeps one token set per tool. Implementations are safe for use by
// several goroutines. Apart from [ErrNotFound], errors are *auth.Error: of
// KindKeychain with one of the codes below when the keychain cannot be used
// now, KindDamaged when the entry is there and unusable, KindCanceled when ctx
// was cancelled, KindFailed for what is wrong with the call itself.
type Store interface {
	// Load returns the tool's set, or ErrNotFound.
	Load(ctx context.Context, tool string) (auth.Tokens, error)
	// Save replaces the tool's set, also a damaged one, but never one of a
	// newer format. When it fails, the old set is still there, except that a
	// keychain which does not answer in time may have taken the new one.
	Save(ctx context.Context, tool string, t auth.Tokens) error
	// Delete removes the tool's set, also a damaged one, but never one of a
	// newer format. Nothing to delete is no error.
	Delete(ctx context.Context, tool string) error
	// Peek says whether the keychain would answer now without asking a person:
	// nil when it would, and where that cannot be told; else an error with
	// auth.CodeKeychainAbsent, auth.CodeKeychainLocked, auth.CodeKeychainTimeout or auth.CodeKeychainFailed. It shows no prompt and
	// takes less than a second.
	Peek(ctx context.Context) error
}

// ErrNotFound says that the keychain answered and holds nothing for the tool.
var ErrNotFound = errors.New("no tokens are stored")

// peekTimeout bounds a Peek.
const peekTimeout = 800 * time.Millisecond

func fault(code, what, do string, cause error) *auth.Error {
	return &auth.Error{Kind: auth.KindKeychain, Code: code, What: what, Do: do, Who: auth.WhoYou, Err: cause}
}

// noKeychain begins the messages about a keychain that is not there.
const noKeychain = "there is no keychain: "

// OutOfReach is e, which has [auth.CodeKeychainAbsent], for a keychain that is known
// to hold the tokens, as where this session has no desktop.
func OutOfReach(e *auth.Error) *auth.Error {
	out := *e
	out.What = "the keychain that holds the tokens cannot be reached: " + strings.TrimPrefix(e.What, noKeychain)
	out.Err = e
	return &out
}

func damaged(how string) *auth.Error {
	return &auth.Error{
		Kind: auth.KindDamaged, Code: auth.CodeKeychainDamaged, Who: auth.WhoYou,
		What: "the tokens in the keychain are damaged: " + how, Do: "sign in again to replace them",
	}
}

func newer() *auth.Error {
	return fault(
		auth.CodeKeychainNewer,
		"the tokens in the keychain were written by a newer keyfob",
		"use that version, which can also sign out",
		nil,
	)
}

func locked(cause error) *auth.Error {
	return fault(
		auth.CodeKeychainLocked,
		"the keychain is locked",
		"unlock it with its own program, or sign in here, and it asks for its password",
		cause,
	)
}

// unapproved says that the keychain is open and wants a person's word first.
func unapproved() *auth.Error {
	return fault(auth.CodeKeychainApprove, "the keychain asks you before it gives the tokens to keyfob",
		"sign in or ask for a token, and allow it in the keychain's window", nil)
}

// denied says that a person did not allow what the keychain asked about.
func denied(cause error) *auth.Error {
	return fault(auth.CodeKeychainRefused, "the keychain was not allowed to give the tokens to keyfob",
		"sign in to be asked again, or allow it in the keychain's own program", cause)
}

// refusedTo says that a person did not let the keychain change something.
func refusedTo(do string) *auth.Error {
	return fault(
		auth.CodeKeychainRefused,
		"the keychain was not allowed to "+do+" the tokens",
		"try again, and allow it in the keychain's window",
		nil,
	)
}

// asking says that the keychain has a question on the screen.
func asking() *auth.Error {
	return fault(auth.CodeKeychainAsking, "the keychain asks in a window of its own", "answer it there", nil)
}

// orAsking is what a look at the keychain says while a dialog of ours is on the
// screen: one that is locked asks for its password.
func orAsking(peek error, does bool) error {
	if peek == nil && does {
		return asking()
	}
	return peek
}

// Dismissed says that the keychain asked a person for its password in vain.
func Dismissed(cause error) *auth.Error {
	return fault(
		auth.CodeKeychainRefused,
		"the keychain stays locked, since nobody gave its password",
		"sign in to be asked again, or unlock it with its own program",
		cause,
	)
}

func silent(cause error) *auth.Error {
	return fault(
		auth.CodeKeychainTimeout,
		"the keychain does not answer",
		"end its program and start it again if it stays so; nothing in it is lost",
		cause,
	)
}

// BrokenOff says that the keychain ended, or began anew, before it answered.
func BrokenOff(cause error) *auth.Error {
	return failed("the keychain broke off in the middle", cause)
}

// Pending says what an operation is waiting for that has been under way for a
// while, by what Peek says meanwhile. Over means that its answer will never
// come.
func Pending(peek error) (why *auth.Error, over bool) {
	switch e := auth.AsError(peek); {
	case e == nil:
		return fault(auth.CodeKeychainSlow, "the keychain takes long to answer", "wait a little, and try again", nil), false
	case e.Code == auth.CodeKeychainLocked:
		return fault(
			auth.CodeKeychainWaiting,
			"the keychain is waiting to be unlocked",
			"give its password to the window that asks for it",
			nil,
		), false
	case e.Code == auth.CodeKeychainAbsent:
		return BrokenOff(peek), true
	default:
		return e, false
	}
}

func failed(what string, cause error) *auth.Error {
	return fault(auth.CodeKeychainFailed, what, "try again, and look at the keychain with its own program if this stays", cause)
}

// ended is the error for an operation whose context ended with cause.
func ended(cause error) *auth.Error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return fault(
			auth.CodeKeychainTimeout,
			"the keychain did not answer in time",
			"look for a window that asks to unlock it, and try again",
			cause,
		)
	}
	return &auth.Error{
		Kind: auth.KindCanceled,
		Code: auth.CodeCanceled,
		What: "the work with the keychain was cancelled",
		Who:  auth.WhoYou,
		Err:  cause,
	}
}
