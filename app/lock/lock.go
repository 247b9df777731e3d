// Package lock holds the locks that all processes of a user share: one engine,
// one refresh of a session at a time, one question for the keychain's password.
//
// A lock is a file in a folder of this user's own. The file is never deleted:
// otherwise two processes could hold locks on two files of the same name. A lock must
// never outlive the processes that hold it, however they end.
package lock

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"keyfob/app/ownfolder"
	"keyfob/auth"
)

// retry is how often a lock that another process holds is tried.
const retry = 25 * time.Millisecond

// ErrBusy says that another process holds the lock.
var ErrBusy = errors.New("another process holds the lock")

// Try takes the lock of a file in dir, which it makes for this user alone, or
// refuses if it is another's. The error is [ErrBusy] when another process holds
// the lock. Whatever else goes wrong is an [*auth.Error] of a fault that may
// pass: it says nothing of what the lock is for.
func Try(dir, file string) (*Lock, error) {
	if err := ownfolder.Make(dir); err != nil {
		e := *auth.AsError(err)
		e.Kind = auth.KindTransient
		return nil, &e
	}
	l, err := Open(filepath.Join(dir, file))
	if err != nil && !errors.Is(err, ErrBusy) {
		return nil, &auth.Error{
			Kind: auth.KindTransient,
			Code: auth.CodeLock,
			What: "keyfob's lock in " + dir + " cannot be taken (" + err.Error() + ")",
			Do:   "look at that folder",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return l, err
}

// Wait is [Try] that waits for a lock that another process holds. The error
// wraps [ErrBusy] and ctx's own when ctx ends before the lock is free.
func Wait(ctx context.Context, dir, file string) (*Lock, error) {
	return wait(ctx, func() (*Lock, error) { return Try(dir, file) })
}

func wait[L any](ctx context.Context, try func() (L, error)) (got L, err error) {
	tick := time.NewTicker(retry)
	defer tick.Stop()
	for {
		l, err := try()
		if !errors.Is(err, ErrBusy) {
			return l, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return got, fmt.Errorf("%w: %w", err, ctx.Err())
		}
	}
}
