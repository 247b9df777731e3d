// Package clipboard puts a secret on the desktop's clipboard for a while, and
// asks the programs that keep clipboard histories to leave it out.
//
// It owns what it put there and nothing else: it must never take away what
// somebody copied later, never read the clipboard but to see whether it is
// still its own, and never pass a secret in an argument or the environment.
// It cannot keep a program of the same user from reading the clipboard.
//
// While it holds nothing it has no connection, no process and no timer. A secret
// that was cleared may go on being held as an empty text, so that clipboard
// managers do not bring it back.
package clipboard

import (
	"context"
	"errors"
	"sync"
	"time"

	"keyfob/auth"
)

// ErrUnavailable is the cause of errors where there is no clipboard.
var ErrUnavailable = errors.New("no clipboard")

const (
	// patience bounds each use of the clipboard.
	patience = 5 * time.Second
	// settled is when a clipboard manager has done what it does once a text is
	// gone; it is looked whether that was to bring it back.
	settled = 2 * time.Second
	// again is when a clearing that failed is tried again.
	again = 30 * time.Second
)

// Clipboard is this process's part in the desktop's clipboard. It is safe for
// use by several goroutines.
type Clipboard struct {
	using chan struct{} // holds a value while somebody copies or clears

	mu      sync.Mutex
	held    holder // nil when nothing is held
	public  bool   // held is no secret
	cleared bool   // held is a text no more, but may keep its place
	timer   *time.Timer
	closed  bool
}

// holder is a text on the clipboard.
type holder interface {
	// owned reports whether the text is still there.
	owned() bool
	// clear takes the text away if it is still there, and may keep its place.
	// It may be called again.
	clear(context.Context) error
	// leave gives up what is kept after clear, at the end of this process.
	leave(context.Context)
	// drop gives up a text that is there no more, or leaves it to the system.
	drop()
}

// New returns a clipboard that holds nothing.
func New() *Clipboard { return &Clipboard{using: make(chan struct{}, 1)} }

// Copy puts a secret on the clipboard in place of what is there, and takes it
// away after clearAfter, if it is still there; 0 leaves it until
// [Clipboard.Clear] or [Clipboard.Close]. Errors where there is no clipboard
// wrap [ErrUnavailable].
func (c *Clipboard) Copy(ctx context.Context, text auth.Secret, clearAfter time.Duration) error {
	return c.copy(ctx, text, false, clearAfter)
}

// Publish is Copy for what is no secret: it stays, and clipboard managers may
// keep it.
func (c *Clipboard) Publish(ctx context.Context, text string) error {
	return c.copy(ctx, auth.Secret(text), true, 0)
}

func (c *Clipboard) copy(ctx context.Context, text auth.Secret, public bool, clearAfter time.Duration) error {
	return c.alone(ctx, func(ctx context.Context) error {
		if c.isClosed() {
			return unavailable("keyfob is ending", "start it again", nil)
		}
		h, err := put(ctx, text, public)
		if err != nil {
			return err
		}
		if old := c.hold(h, public, clearAfter); old != nil {
			old.drop()
		}
		return nil
	})
}

// Clear takes away what Copy put on the clipboard, if it is still there.
// Where that fails, it is tried again.
func (c *Clipboard) Clear() error {
	c.mu.Lock()
	h := c.held
	c.mu.Unlock()
	return c.expire(h)
}

// Close does what Clear does, sees to it that no clipboard manager brings the
// secret back, and lets no Copy follow. What Publish put there is left to the
// desktop.
func (c *Clipboard) Close() error {
	c.mu.Lock()
	c.closed = true
	h, public := c.held, c.public
	c.mu.Unlock()
	var err error
	if !public {
		err = c.clear(h)
	}
	return errors.Join(err, c.alone(context.Background(), func(ctx context.Context) error {
		if old := c.hold(nil, false, 0); old != nil && !public {
			old.leave(ctx)
		} else if old != nil {
			old.drop()
		}
		return nil
	}))
}

// alone runs f when nobody else uses the clipboard, within patience.
func (c *Clipboard) alone(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case c.using <- struct{}{}:
		defer func() { <-c.using }()
		return f(ctx)
	case <-ctx.Done():
		return unavailable("the clipboard is busy", "try again", ctx.Err())
	}
}

func (c *Clipboard) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// hold makes h what is held, and returns what was.
func (c *Clipboard) hold(h holder, public bool, clearAfter time.Duration) (old holder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old = c.held
	c.held, c.public, c.cleared = h, public, false
	c.arm(clearAfter, func() { _ = c.expire(h) })
	return old
}

// arm has f run after d, instead of what was to run; 0 is never. The caller
// holds the lock.
func (c *Clipboard) arm(d time.Duration, f func()) {
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	if d > 0 {
		c.timer = time.AfterFunc(d, f)
	}
}

// expire clears h and looks once more a little later, or until that works.
func (c *Clipboard) expire(h holder) error {
	if h == nil {
		return nil
	}
	err := c.clear(h)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.held != h || c.closed:
	case err != nil:
		c.arm(again, func() { _ = c.expire(h) })
	default:
		c.arm(settled, func() { _ = c.clear(h) })
	}
	return err
}

// clear takes away what is held, if that is h.
func (c *Clipboard) clear(h holder) error {
	return c.alone(context.Background(), func(ctx context.Context) error {
		c.mu.Lock()
		held := c.held
		c.mu.Unlock()
		if held == nil || h != held {
			return nil
		}
		if err := held.clear(ctx); err != nil {
			return err
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.cleared = true
		return nil
	})
}

func unavailable(what, do string, err error) error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeNoClipboard, What: what, Do: do, Who: auth.WhoYou,
		Err: errors.Join(ErrUnavailable, err),
	}
}
