// Package clipboard puts a secret on the desktop's clipboard for a while, and
// asks the programs that keep clipboard histories to leave it out.
//
// It owns what it put there and nothing else: it must never take away what
// somebody copied later, never read the clipboard but to see whether it is
// still its own, and never pass a secret in an argument or the environment.
// It cannot keep a program of the same user from reading the clipboard.
//
// While it holds nothing it has no connection, no process and no timer.
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

// patience bounds each use of the clipboard.
const patience = 5 * time.Second

// Clipboard is this process's part in the desktop's clipboard. It is safe for
// use by several goroutines.
type Clipboard struct {
	turn chan struct{} // holds a value while somebody copies or clears

	mu     sync.Mutex
	held   holder // nil when nothing is held
	timer  *time.Timer
	closed bool
}

// holder is a text on the clipboard.
type holder interface {
	// owned reports whether the text is still there.
	owned() bool
	// clear takes the text away if it is still there.
	clear(context.Context) error
	// drop gives up a text that is there no more, or leaves it to the system.
	drop()
}

// New returns a clipboard that holds nothing.
func New() *Clipboard { return &Clipboard{turn: make(chan struct{}, 1)} }

// Copy puts text on the clipboard in place of what is there, and takes it away
// after clearAfter, if it is still there; 0 leaves it until [Clipboard.Clear],
// [Clipboard.Close] or the end of the process. Errors where there is no
// clipboard wrap [ErrUnavailable].
func (c *Clipboard) Copy(ctx context.Context, text auth.Secret, clearAfter time.Duration) error {
	return c.alone(ctx, func(ctx context.Context) error {
		if c.isClosed() {
			return unavailable("keyfob is ending", "start it again", nil)
		}
		h, err := put(ctx, text)
		if err != nil {
			return err
		}
		if old := c.hold(h, clearAfter); old != nil {
			old.drop()
		}
		return nil
	})
}

// Clear takes away what Copy put on the clipboard, if it is still there.
func (c *Clipboard) Clear() error { return c.clear(nil) }

// Owned reports whether what Copy put on the clipboard is still there.
func (c *Clipboard) Owned() bool {
	c.mu.Lock()
	h := c.held
	c.mu.Unlock()
	return h != nil && h.owned()
}

// Close does what Clear does, and lets no Copy follow.
func (c *Clipboard) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	return c.clear(nil)
}

// alone runs f when it is the caller's turn, within patience.
func (c *Clipboard) alone(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
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
func (c *Clipboard) hold(h holder, clearAfter time.Duration) (old holder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old = c.held
	c.held = h
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	if clearAfter > 0 {
		// Nobody is there to be told of an error; Close tries again.
		c.timer = time.AfterFunc(clearAfter, func() { _ = c.clear(h) })
	}
	return old
}

// clear takes away what is held, only if that is h where h is not nil.
func (c *Clipboard) clear(h holder) error {
	return c.alone(context.Background(), func(ctx context.Context) error {
		c.mu.Lock()
		held := c.held
		c.mu.Unlock()
		if held == nil || h != nil && h != held {
			return nil
		}
		if err := held.clear(ctx); err != nil {
			return err
		}
		c.hold(nil, 0)
		return nil
	})
}

func unavailable(what, do string, err error) error {
	return &auth.Error{
		Kind: auth.KindFailed, Code: "no_clipboard", What: what, Do: do, Who: auth.WhoYou,
		Err: errors.Join(ErrUnavailable, err),
	}
}
