package caller

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"keyfob/app/agent"
	"keyfob/app/folders"
	"keyfob/app/lock"
	"keyfob/auth"
)

const (
	endedAgain  = 10 * time.Millisecond
	endedWithin = 40 * time.Second // a refresh under way may take half a minute, as may the news that the socket is gone
)

// Quit asks whichever engine runs to end, and reports whether one did. With wait
// it has ended then, and has finished what was under way; the error is of
// KindTransient where that takes longer than 40 seconds.
func Quit(ctx context.Context, wait bool) (ran bool, err error) {
	dir, err := folders.RuntimeDir()
	if err != nil {
		return false, err
	}
	before := agent.Which(dir)
	client, err := agent.Dial(ctx, dir)
	if errors.Is(err, agent.ErrNoAgent) {
		if !wait || !held(dir) {
			return false, nil
		}
		return true, Ended(ctx, dir) // it answers nobody any more: it is ending, or its socket is gone
	}
	if err == nil {
		err = client.Quit(ctx)
	}
	if code := auth.AsError(err); err != nil && (code.Code == auth.CodeNoAgent || code.Code == auth.CodeAgentGone) {
		err = nil // it was ending already
	}
	if err != nil || !wait {
		return err == nil, err
	}
	return true, ended(ctx, dir, before)
}

// held reports whether an engine has the lock in dir.
func held(dir string) bool {
	l, err := lock.Open(filepath.Join(dir, agent.LockFile))
	if err == nil {
		_ = l.Release()
	}
	return errors.Is(err, lock.ErrBusy)
}

// Ended waits until no engine answers in dir and none has the lock.
func Ended(ctx context.Context, dir string) error { return ended(ctx, dir, nil) }

// ended is Ended, which is content with another engine than the one before.
func ended(ctx context.Context, dir string, before *agent.Mark) error {
	within, cancel := context.WithTimeout(ctx, endedWithin)
	defer cancel()
	for {
		if now := agent.Which(dir); before != nil && now != nil && !now.Is(before) {
			return nil
		}
		client, err := agent.Dial(within, dir)
		if err == nil {
			_ = client.Close()
		}
		if errors.Is(err, agent.ErrNoAgent) {
			l, err := lock.Open(filepath.Join(dir, agent.LockFile))
			if err == nil {
				return l.Release()
			}
			if !errors.Is(err, lock.ErrBusy) {
				return err
			}
		}
		select {
		case <-time.After(endedAgain):
		case <-within.Done():
			if ctx.Err() != nil {
				return auth.AsError(ctx.Err())
			}
			return &auth.Error{
				Kind: auth.KindTransient,
				Code: auth.CodeTimeout,
				What: "keyfob took too long",
				Do:   "try again",
				Who:  auth.WhoWait,
				Err:  within.Err(),
			}
		}
	}
}
