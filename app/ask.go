package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"keyfob/app/wholefile"
	"keyfob/auth"
	"keyfob/auth/keychain"
)

const (
	// askPause is how long nobody is asked for the keychain's password who gave
	// none, unless they want something that needs it.
	askPause = 5 * time.Minute
	// askRetry is how often is looked whether another process still asks.
	askRetry = 100 * time.Millisecond
)

// asks returns what keeps a user's processes from asking for the keychain's
// password at the same time, and from asking again and again somebody who does
// not answer. A file in dir tells the others when somebody was last asked in
// vain; it holds nothing but its time.
func asks(dir string, now func() time.Time) func(ctx context.Context, insist bool) (func(bool), error) {
	return func(ctx context.Context, insist bool) (func(bool), error) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, cannotAsk(err)
		}
		lock := flock.New(filepath.Join(dir, "keychain.lock"), flock.SetPermissions(0o600))
		if ok, err := lock.TryLockContext(ctx, askRetry); !ok {
			return nil, cannotAsk(err)
		}
		vain := filepath.Join(dir, "keychain.unanswered")
		if info, err := os.Lstat(vain); !insist && err == nil && now().Sub(info.ModTime()).Abs() < askPause {
			_ = lock.Unlock()
			return nil, keychain.Dismissed(nil)
		}
		return func(answered bool) {
			if answered {
				_ = os.Remove(vain)
			} else if err := wholefile.WriteOwn(ctx, vain, nil); err == nil { // a link there is replaced, not followed
				_ = os.Chtimes(vain, now(), now())
			}
			_ = lock.Unlock()
		}, nil
	}
}

func cannotAsk(err error) *auth.Error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return &auth.Error{
			Kind: auth.KindKeychain,
			Code: auth.CodeKeychainWaiting,
			What: "the keychain is waiting to be unlocked for another keyfob process",
			Do:   "give its password to the window that asks for it",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return &auth.Error{
		Kind: auth.KindKeychain,
		Code: auth.CodeKeychainLocked,
		What: "the keychain is locked, and keyfob has no place to note that it asks for its password",
		Do:   "unlock it with its own program",
		Who:  auth.WhoYou,
		Err:  err,
	}
}
