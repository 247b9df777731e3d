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
	endedWithin = 30 * time.Second // a refresh under way may take that long
)

// Quit asks whichever engine runs to end, and reports whether one did. With wait
// it has ended then, and has finished what was under way; the error is of
// KindTransient where that takes longer than half a minute.
func Quit(ctx context.Context, wait bool) (ran bool, err error) {
	dir, err := folders.RuntimeDir()
	if err != nil {
		return false, err
	}
	before := agent.Which(dir)
	client, err := agent.Dial(ctx, dir)
	if errors.Is(err, agent.ErrNoAgent) {
		return false, nil
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
