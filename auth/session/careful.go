package session

import (
	"context"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
)

// quietWithin bounds one use of the keychain for which no person is asked
// anything.
const quietWithin = 15 * time.Second

// careful is the keychain as the sessions use it: it looks first how the
// keychain stands, and lets it show a prompt only where ask says that somebody
// is there to answer. So nothing that happens by itself ever opens a prompt.
type careful struct {
	keychain.Store
	ask func(ctx context.Context) (answered func(bool), err error) // nil: nobody may be asked
}

// quiet is the keychain for what happens by itself.
func (m *Manager) quiet() careful { return careful{Store: m.keys.store} }

// asking is the keychain for what a person wants. Somebody who insists is
// asked again, however lately they gave no password.
func (m *Manager) asking(insist bool) careful {
	return careful{m.keys.store, func(ctx context.Context) (func(bool), error) {
		if m.cfg.Ask == nil {
			return func(bool) {}, nil
		}
		return m.cfg.Ask(ctx, insist)
	}}
}

// Load implements keychain.Store.
func (c careful) Load(ctx context.Context, tool string) (t auth.Tokens, err error) {
	err = c.use(ctx, func(ctx context.Context) (err error) {
		t, err = c.Store.Load(ctx, tool)
		return err
	})
	return t, err
}

// Save implements keychain.Store.
func (c careful) Save(ctx context.Context, tool string, t auth.Tokens) error {
	return c.use(ctx, func(ctx context.Context) error { return c.Store.Save(ctx, tool, t) })
}

// Delete implements keychain.Store.
func (c careful) Delete(ctx context.Context, tool string) error {
	return c.use(ctx, func(ctx context.Context) error { return c.Store.Delete(ctx, tool) })
}

func (c careful) use(ctx context.Context, do func(context.Context) error) error {
	err := c.Peek(ctx)
	if isLocked(auth.AsError(err)) && c.ask != nil {
		return c.unlock(ctx, do)
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, quietWithin)
	defer cancel()
	return do(ctx)
}

// unlock does something that makes the keychain ask for its password, unless
// somebody else has just given it.
func (c careful) unlock(ctx context.Context, do func(context.Context) error) error {
	answered, err := c.ask(ctx)
	if err != nil {
		return err
	}
	if err = c.Peek(ctx); err == nil || isLocked(auth.AsError(err)) {
		err = do(ctx)
	}
	answered(auth.KindOf(err) != auth.KindKeychain)
	return err
}

// isLocked reports whether e is of a keychain that a person can unlock.
func isLocked(e *auth.Error) bool {
	if e == nil {
		return false
	}
	switch e.Code {
	case keychain.CodeLocked, keychain.CodeWaiting, keychain.CodeRefused:
		return true
	}
	return false
}
