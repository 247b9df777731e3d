package daemon

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"keyfob/app/lock"
	"keyfob/app/wholefile"
	"keyfob/auth"
	"keyfob/auth/keychain"
)

// askPause is how long nobody is asked for the keychain's password who gave
// none, unless they want something that needs it.
const askPause = 5 * time.Minute

// mayAsk returns what keeps a user's processes from asking for the keychain's
// password at the same time, and from asking again and again somebody who does
// not answer. A file beside the lock tells the others when somebody was last
// asked in vain; it holds nothing but its time.
func mayAsk(folders lock.Folders, now func() time.Time) func(ctx context.Context, insist bool) (func(bool), error) {
	return func(ctx context.Context, insist bool) (func(bool), error) {
		turn, err := folders.Wait(ctx, "keychain.lock")
		if err != nil {
			return nil, cannotAsk(err)
		}
		vain := filepath.Join(turn.Dir(), "keychain.unanswered")
		if info, err := os.Lstat(vain); !insist && err == nil && now().Sub(info.ModTime()).Abs() < askPause {
			turn.Release()
			return nil, keychain.Dismissed(nil)
		}
		return func(answered bool) {
			if answered {
				_ = os.Remove(vain)
			} else if err := wholefile.WriteOwn(ctx, vain, nil); err == nil { // a link there is replaced, not followed
				_ = os.Chtimes(vain, now(), now())
			}
			turn.Release()
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
