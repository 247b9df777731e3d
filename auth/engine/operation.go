package engine

import (
	"context"
	"errors"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
)

// noticeAfter is how long the keychain may take before people are told what it
// waits for. Finding that out takes up to a second more, three seconds in all.
const noticeAfter = 2 * time.Second

// operation is work under way in a goroutine of its own.
type operation struct {
	cancel   context.CancelFunc
	done     chan struct{} // closed after the result was applied
	err      error         // read it after done
	counts   bool          // the loop is not idle before it has ended
	mayAsk   bool          // a person may be asked for the keychain's password
	waitsFor *auth.Error   // what it waits for, once it took long
	tookLong chan struct{} // closed when waitsFor is set, for good; nil where nobody asks whether it does
	givenUp  *auth.Error   // why it was given up, or nil; read it after done
	hurry    chan struct{} // of a reader: closed when somebody waits for it, who is not kept waiting by the others
}

// start runs work in a goroutine and apply, with what work returned, in the
// loop's. A worker that is at work when the loop ends still finishes. Until
// then the loop is not idle.
func start[T any](
	run context.Context,
	l *loop,
	work func(context.Context) T,
	apply func(run context.Context, op *operation, result T),
) *operation {
	l.busy++
	op := startAside(run, l, work, apply)
	op.counts = true
	return op
}

// startAside is start for what an idle loop does, too.
func startAside[T any](
	run context.Context,
	l *loop,
	work func(context.Context) T,
	apply func(run context.Context, op *operation, result T),
) *operation {
	ctx, cancel := context.WithCancel(run)
	op := &operation{cancel: cancel, done: make(chan struct{})}
	l.work.running.Go(func() {
		defer cancel()
		result := work(ctx)
		l.calls <- func(run context.Context) {
			apply(run, op, result)
			close(op.done)
			l.schedule(run)
			if op.counts {
				l.busy--
				l.tellIdle()
			}
		}
	})
	return op
}

// noticeSlowness reports what op waits for, if it takes long, and closes
// op.tookLong. An operation whose answer cannot come any more is cancelled.
func (l *loop) noticeSlowness(run context.Context, op *operation, report func(run context.Context, why *auth.Error)) {
	op.tookLong = make(chan struct{})
	l.work.running.Go(func() {
		timer := time.NewTimer(noticeAfter)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-op.done:
			return
		}
		why, over := keychain.Pending(l.cfg.Store.Peek(run))
		l.calls <- func(run context.Context) {
			select {
			case <-op.done:
				return
			default:
			}
			op.waitsFor = why
			if over {
				op.cancel()
			}
			report(run, why)
			l.schedule(run)
			close(op.tookLong)
		}
	})
}

// caller is who waits for operations: as in [session.TokenOptions].
type caller struct {
	mayUnlock bool
	waits     func(why *auth.Error)
	told      bool
}

// wait waits for op. It reports late for one that takes longer than its caller
// is to wait; a caller who can be told what for is, once, and waits on where a
// person or the keychain is at it.
func (c *caller) wait(ctx context.Context, op *operation) (late bool, err error) {
	select {
	case <-op.done:
		return false, nil
	case <-op.tookLong:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if !c.waitsOn(op.waitsFor) {
		return true, nil
	}
	if !c.told {
		c.told = true
		c.waits(op.waitsFor)
	}
	select {
	case <-op.done:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// waitsOn reports whether the caller waits for what why says.
func (c *caller) waitsOn(why *auth.Error) bool {
	switch why.Code {
	case auth.CodeKeychainSlow:
		return c.waits != nil
	case auth.CodeKeychainWaiting, auth.CodeKeychainAsking:
		return c.waits != nil && c.mayUnlock
	}
	return false
}

// keychainFault is what an operation's error says of the keychain.
func (op *operation) keychainFault(err error) *auth.Error {
	switch e := auth.AsError(err); {
	case errors.Is(err, context.Canceled) && op.cutOff() != nil:
		return op.cutOff()
	case e != nil && e.Code == auth.CodeKeychainTimeout && keychain.IsLocked(op.waitsFor):
		return keychain.Dismissed(err)
	default:
		return e
	}
}

// cutOff is why an operation was cancelled before the keychain answered it, if
// that was the keychain's fault. Read it after done.
func (op *operation) cutOff() *auth.Error {
	if op.givenUp != nil {
		return op.givenUp
	}
	return op.waitsFor
}
