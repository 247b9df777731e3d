package keychain

import (
	"context"
	"errors"
	"time"

	"github.com/zalando/go-keyring"

	"keyfob/auth"
)

// Direct is the operating system's keychain, called in this process through
// go-keyring. That library knows no context: when ctx ends, the caller gets
// its answer, while the call that hangs stays behind and keeps every later
// operation of this Direct waiting. A process that lives on uses [Child].
//
// An operation is given up after a minute, in which a person may type the
// keychain's password.
type Direct struct {
	lane chan struct{} // holds one: operations run one at a time
	open func() vault  // for one operation
}

var _ Store = (*Direct)(nil)

// directDeadline bounds an operation of Direct whose caller sets no earlier end.
const directDeadline = time.Minute

// NewDirect returns the keychain's items of service, which is "keyfob" except
// for demonstrations and tests.
func NewDirect(service string) *Direct {
	return &Direct{lane: make(chan struct{}, 1), open: func() vault { return vault{service, &system{service: service}} }}
}

// Load implements Store.
func (d *Direct) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	return run(ctx, d.lane, func(ctx context.Context) (auth.Tokens, error) { return d.open().load(ctx, tool) })
}

// Save implements Store.
func (d *Direct) Save(ctx context.Context, tool string, t auth.Tokens) error {
	_, err := run(ctx, d.lane, func(ctx context.Context) (struct{}, error) { return struct{}{}, d.open().save(ctx, tool, t) })
	return err
}

// Delete implements Store.
func (d *Direct) Delete(ctx context.Context, tool string) error {
	_, err := run(ctx, d.lane, func(ctx context.Context) (struct{}, error) { return struct{}{}, d.open().delete(ctx, tool) })
	return err
}

// Peek implements Store. It waits for no operation: one may be asking a person.
func (d *Direct) Peek(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, peekTimeout)
	defer cancel()
	_, err := run(ctx, make(chan struct{}, 1), func(ctx context.Context) (struct{}, error) { return struct{}{}, peekShared(ctx) })
	if errors.Is(err, context.DeadlineExceeded) {
		return silent(err)
	}
	return err
}

// run does op when lane is free and waits for it no longer than ctx, or a
// minute.
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

// system is the backend of Direct, for one operation.
type system struct {
	service  string
	greeted  bool // the keychain knows this process
	answered bool // the keychain answered before in this operation
}

func (s *system) get(name string) (v string, err error) {
	err = s.call(func() error {
		v, err = keyring.Get(s.service, name)
		return err
	})
	return v, err
}

func (s *system) set(name, value string) error {
	return s.call(func() error { return keyring.Set(s.service, name, value) })
}

func (s *system) remove(name string) error {
	return s.call(func() error { return keyring.Delete(s.service, name) })
}

// call makes one call of go-keyring and explains its error. The library panics
// when the session bus goes away under a prompt, or when a service answers
// with other types than it expects.
func (s *system) call(do func() error) (err error) {
	const broke = "the keychain broke off in the middle"
	defer func() {
		if recover() != nil {
			err = failed(broke, nil)
		}
	}()
	if err := reachable(); err != nil {
		return err
	}
	if !s.greeted {
		s.greeted = true
		greetShared()
	}
	err = do()
	if err == nil || errors.Is(err, keyring.ErrNotFound) {
		s.answered = true
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrNotFound):
		return errNoItem
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return fault(CodeAbsent, "keyfob knows no keychain on this system", "", err)
	}
	e := explain(err)
	if s.answered && e.Code == CodeAbsent { // it was there a moment ago
		return failed(broke, err)
	}
	return e
}
