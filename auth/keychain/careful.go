package keychain

import (
	"context"
	"time"

	"keyfob/auth"
)

// quietWithin bounds one use of the keychain for which nobody is asked anything.
const quietWithin = 15 * time.Second

// Careful is a Store that looks first how the keychain stands, and lets it show
// a prompt only where Ask says that somebody is there to answer. Without Ask it
// never opens a prompt, so it is what anything uses that happens by itself. A
// Store that can tell a question in advance, see [Quieter], is held to that in
// the middle of an operation, too.
type Careful struct {
	Store
	// Ask is called before a prompt, and what it returns after it. Its error is
	// the reason why nobody is to be asked now.
	Ask func(ctx context.Context) (answered func(bool), err error)
}

var _ Store = Careful{}

// Quieter is a Store that some keychains make ask a person in the middle of an
// operation. Quiet is the same Store without those questions: where there would
// be one, it gives an error with [auth.CodeKeychainApprove] instead.
type Quieter interface{ Quiet() Store }

// Quiet is s without questions, as far as it can tell them in advance.
func Quiet(s Store) Store {
	if q, ok := s.(Quieter); ok {
		return q.Quiet()
	}
	return s
}

// Load implements Store.
func (c Careful) Load(ctx context.Context, tool string) (t auth.Tokens, err error) {
	err = c.use(ctx, func(ctx context.Context, s Store) (err error) {
		t, err = s.Load(ctx, tool)
		return err
	})
	return t, err
}

// Save implements Store.
func (c Careful) Save(ctx context.Context, tool string, t auth.Tokens) error {
	return c.use(ctx, func(ctx context.Context, s Store) error { return s.Save(ctx, tool, t) })
}

// Delete implements Store.
func (c Careful) Delete(ctx context.Context, tool string) error {
	return c.use(ctx, func(ctx context.Context, s Store) error { return s.Delete(ctx, tool) })
}

func (c Careful) use(ctx context.Context, do func(context.Context, Store) error) error {
	err := c.Peek(ctx)
	if err == nil {
		err = c.quietly(ctx, do)
	}
	if c.Ask != nil && IsLocked(auth.AsError(err)) {
		return c.unlock(ctx, do)
	}
	return err
}

func (c Careful) quietly(ctx context.Context, do func(context.Context, Store) error) error {
	ctx, cancel := context.WithTimeout(ctx, quietWithin)
	defer cancel()
	return do(ctx, Quiet(c.Store))
}

// unlock does something that makes the keychain ask a person, unless somebody
// else has just answered.
func (c Careful) unlock(ctx context.Context, do func(context.Context, Store) error) error {
	answered, err := c.Ask(ctx)
	if err != nil {
		return err
	}
	vain := false
	if err = c.Peek(ctx); err == nil {
		err = c.quietly(ctx, do)
	}
	if IsLocked(auth.AsError(err)) {
		err = do(ctx, c.Store)
		e := auth.AsError(err)
		vain = e != nil && (e.Code == auth.CodeKeychainRefused || e.Code == auth.CodeKeychainTimeout)
	}
	answered(!vain)
	return err
}

// IsLocked reports whether e is of a keychain that a person can open.
func IsLocked(e *auth.Error) bool {
	if e == nil {
		return false
	}
	switch e.Code {
	case auth.CodeKeychainLocked, auth.CodeKeychainApprove, auth.CodeKeychainWaiting, auth.CodeKeychainAsking, auth.CodeKeychainRefused:
		return true
	}
	return false
}
