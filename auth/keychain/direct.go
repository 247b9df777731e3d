package keychain

import (
	"context"
	"time"

	"keyfob/auth"
)

// Direct is the operating system's keychain, called in this process. Where
// that is done through go-keyring, which knows no context, a call that hangs
// stays behind when ctx ends, and keeps every later operation of this Direct
// waiting. A process that lives on uses [Child].
//
// An operation is given up after a minute, in which a person may type the
// keychain's password.
type Direct struct {
	lane   chan struct{} // holds one: operations run one at a time; nil where they need not
	open   func(quiet bool) vault
	system *system
	quiet  bool
}

var (
	_ Store       = (*Direct)(nil)
	_ helperStore = (*Direct)(nil)
)

// directDeadline bounds an operation of Direct whose caller sets no earlier end.
const directDeadline = time.Minute

// NewDirect returns the keychain's items of service, which is "keyfob" except
// for demonstrations and tests.
func NewDirect(service string) *Direct {
	s := newSystem(service)
	d := &Direct{system: s, open: func(quiet bool) vault { return vault{service, s.backend(quiet), chunkSizes()} }}
	if oneAtATime {
		d.lane = make(chan struct{}, 1)
	}
	return d
}

// Close ends the connection to the keychain. A later operation makes another.
func (d *Direct) Close() { d.system.close() }

// connect implements [helperStore].
func (d *Direct) connect(ctx context.Context) (lasting bool, err error) {
	return d.system.connect(ctx)
}

// worn implements [helperStore].
func (d *Direct) worn() bool { return len(d.lane) > 0 || d.system.worn() }

// Quiet implements [Quieter].
func (d *Direct) Quiet() Store {
	q := *d
	q.quiet = true
	return &q
}

// Load implements Store.
func (d *Direct) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	return run(ctx, d.lane, func(ctx context.Context) (auth.Tokens, error) { return d.open(d.quiet).load(ctx, tool) })
}

// Save implements Store.
func (d *Direct) Save(ctx context.Context, tool string, t auth.Tokens) error {
	_, err := run(ctx, d.lane, func(ctx context.Context) (struct{}, error) { return struct{}{}, d.open(d.quiet).save(ctx, tool, t) })
	return err
}

// Delete implements Store.
func (d *Direct) Delete(ctx context.Context, tool string) error {
	_, err := run(ctx, d.lane, func(ctx context.Context) (struct{}, error) { return struct{}{}, d.open(d.quiet).delete(ctx, tool) })
	return err
}

// Peek implements Store. It waits for no operation: one may be asking a person.
func (d *Direct) Peek(ctx context.Context) error {
	return orAsking(peek(ctx), d.system.asking())
}

// run does op, no longer than ctx or a minute. With a lane it does so when that
// is free, and leaves behind what does not end.
func run[T any](ctx context.Context, lane chan struct{}, op func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, directDeadline)
	defer cancel()
	type result struct {
		v   T
		err error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, ended(err)
	}
	if lane == nil {
		return op(ctx)
	}
	select {
	case lane <- struct{}{}:
	case <-ctx.Done():
		return none, ended(ctx.Err())
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-lane }()
		v, err := op(ctx)
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.v, r.err
	case <-ctx.Done():
		return none, ended(ctx.Err())
	}
}
