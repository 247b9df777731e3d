package window

import (
	"context"
	"errors"
	"fmt"
	"time"

	"keyfob/app/agent/person"
	"keyfob/auth/session"
)

// firstWord bounds how long the engine may take to say how the sessions are.
const firstWord = 5 * time.Second

// watch is what the engine says of the sessions.
type watch struct {
	first   []session.Snapshot // how they were at first, never nil
	updates <-chan []session.Snapshot
	gone    <-chan error // the engine is gone; nil when this process was told to end
}

// newWatch follows the sessions until ctx ends or the engine is gone, and waits
// for how they are at first. It is nil without an error when this process was
// told to end.
func newWatch(ctx context.Context, engine *person.Client) (*watch, error) {
	updates, gone := make(chan []session.Snapshot), make(chan error, 1)
	go func() {
		err := engine.Watch(ctx, func(s []session.Snapshot) error {
			select {
			case updates <- s:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		gone <- engineGone(ctx, err)
	}()
	select {
	case first := <-updates:
		if first == nil {
			first = []session.Snapshot{}
		}
		return &watch{first: first, updates: updates, gone: gone}, nil
	case err := <-gone:
		return nil, err
	case <-time.After(firstWord):
		return nil, errors.New("the keyfob that runs says nothing: run `keyfob quit`, then start it again")
	}
}

// engineGone is the error for the end of the engine, or nil when this process
// was told to end.
func engineGone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("the engine is gone: %w", err)
}
