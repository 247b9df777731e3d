package keychain

import (
	"context"
	"os"
	"sync"
	"time"

	"keyfob/auth"
)

const (
	// pipeDelay is how long the wire of a dead helper may stay open, held by
	// something that it started.
	pipeDelay = 200 * time.Millisecond
	// giveUpWithin is how long a helper has to give up a question, or to end.
	// One that takes longer hangs and is killed.
	giveUpWithin = time.Second
	// idleAfter is when a helper ends that nobody uses, where a new one is as
	// good.
	idleAfter = 2 * time.Minute
)

// Child is the operating system's keychain, called in one child process for as
// long as this one uses it: a keychain which remembers by connection what a
// person has allowed, as KeePassXC does, so asks once. Secrets go over a socket
// pair, on Windows over pipes. A prompt that nobody answers costs its own
// operation and no other. A helper that hangs past an operation's deadline, or
// whose keychain began anew, gives way to the next.
type Child struct {
	service  string
	argv     []string
	deadline time.Duration
	idle     time.Duration
	current  chan *helper // the one that runs, or nil; empty for a moment in which it changes
	running  sync.WaitGroup

	// Inherit, if set, gives the files that the helper holds open while it
	// changes a tool's set: locks that must not be free before it is done,
	// whatever becomes of this process. Set it before the first use.
	Inherit func(tool string) []*os.File
}

var (
	_ Store   = (*Child)(nil)
	_ Quieter = (*Child)(nil)
)

// NewChild returns a Child that runs argv, a program that calls [ServeChild],
// and gives an operation up after deadline, or earlier when its context ends.
// [Child.Close] ends the program.
func NewChild(service string, argv []string, deadline time.Duration) *Child {
	c := &Child{service: service, argv: argv, deadline: deadline, idle: idleAfter, current: make(chan *helper, 1)}
	c.current <- nil
	return c
}

// Close ends the helper when it is done with what it writes, at the latest
// after the deadline. Later operations start another.
func (c *Child) Close() {
	h := <-c.current
	if h != nil {
		h.hangUp()
	}
	c.current <- nil
	c.running.Wait()
}

// Renew has the next operation start another helper, since the environment of
// this process names another session bus now. What the one that runs is at, it
// finishes.
func (c *Child) Renew() {
	h := <-c.current
	if h != nil {
		h.leave()
	}
	c.current <- nil
}

// Load implements Store.
func (c *Child) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	return c.load(ctx, tool, false)
}

// Save implements Store.
func (c *Child) Save(ctx context.Context, tool string, t auth.Tokens) error {
	return c.save(ctx, tool, t, false)
}

// Delete implements Store.
func (c *Child) Delete(ctx context.Context, tool string) error { return c.delete(ctx, tool, false) }

// Quiet implements [Quieter].
func (c *Child) Quiet() Store { return quietChild{c} }

// Peek implements Store, in this process and on a connection of its own.
func (c *Child) Peek(ctx context.Context) error {
	return orAsking(peek(ctx), c.asking())
}

// asking reports whether a dialog of the helper's is on the screen.
func (c *Child) asking() bool {
	h := <-c.current
	c.current <- h
	return h != nil && h.asking.Load() > 0
}

func (c *Child) load(ctx context.Context, tool string, quiet bool) (auth.Tokens, error) {
	a, err := c.call(ctx, question{Op: opLoad, Tool: tool, Quiet: quiet})
	if err != nil {
		return auth.Tokens{}, err
	}
	return decode(a.Tokens)
}

func (c *Child) save(ctx context.Context, tool string, t auth.Tokens, quiet bool) error {
	b, err := encode(t)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, question{Op: opSave, Tool: tool, Tokens: b, Quiet: quiet})
	return err
}

func (c *Child) delete(ctx context.Context, tool string, quiet bool) error {
	_, err := c.call(ctx, question{Op: opDelete, Tool: tool, Quiet: quiet})
	return err
}

// quietChild is a Child that asks nobody.
type quietChild struct{ *Child }

func (q quietChild) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	return q.load(ctx, tool, true)
}

func (q quietChild) Save(ctx context.Context, tool string, t auth.Tokens) error {
	return q.save(ctx, tool, t, true)
}

func (q quietChild) Delete(ctx context.Context, tool string) error { return q.delete(ctx, tool, true) }

func (c *Child) call(ctx context.Context, q question) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.deadline)
	defer cancel()
	var files []*os.File
	if c.Inherit != nil && q.Op != opLoad {
		files = c.Inherit(q.Tool)
	}
	for again := true; ; again = false {
		h, reply, err := c.enlist(ctx, &q)
		if err != nil {
			return answer{}, err
		}
		a, sent, err := h.put(ctx, q, files, reply)
		h.done(q.ID)
		if err != nil && again && ctx.Err() == nil && (!sent || q.Op == opLoad && h.isGone()) {
			continue // it had ended unnoticed, or nothing is lost by asking again
		}
		switch {
		case err != nil:
			return answer{}, err
		case a.Missing:
			return answer{}, ErrNotFound
		case a.Error != nil:
			return answer{}, a.Error
		case !a.OK:
			return answer{}, failed("the keychain helper gave no answer that makes sense", nil)
		}
		return a, nil
	}
}

// enlist returns the helper that takes the next question, a new one if need be.
func (c *Child) enlist(ctx context.Context, q *question) (*helper, <-chan answer, error) {
	var h *helper
	select {
	case h = <-c.current:
	case <-ctx.Done():
		return nil, nil, ended(ctx.Err())
	}
	var err error
	if h == nil || h.retired.Load() || h.isGone() {
		if h != nil {
			h.leave()
		}
		if err = ctx.Err(); err != nil {
			h, err = nil, ended(err)
		} else {
			h, err = c.start()
		}
	}
	if err != nil {
		c.current <- nil
		return nil, nil, err
	}
	reply := h.expect(q)
	c.current <- h
	return h, reply, nil
}
