package agent

import (
	"context"
	"errors"
	"time"

	"keyfob/app/agent/internal/wire"
	"keyfob/app/lock"
)

const (
	endedAgain  = 10 * time.Millisecond
	endedWithin = 30 * time.Second // a refresh under way may take that long
)

// Ended waits until no engine answers in dir, and the last one has finished what
// was under way. The error is of KindTransient where that takes longer than half a
// minute.
func Ended(ctx context.Context, dir string) error {
	within, cancel := context.WithTimeout(ctx, endedWithin)
	defer cancel()
	for {
		conn, err := wire.Dial(within, dir)
		if err == nil {
			_ = conn.Close()
		}
		if errors.Is(err, ErrNoAgent) {
			l, err := lock.Try(dir, wire.LockFile)
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
			return wire.ContextError(within.Err())
		}
	}
}
