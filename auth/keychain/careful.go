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
// never opens a prompt, so it is what anything uses that happens by itself.
type Careful struct {
	Store
	// Ask is called before a prompt, and what it returns after it. Its error is
	// the reason why nobody is to be asked now.
	Ask func(ctx context.Context) (answered func(bool), err error)
}

var _ Store = Careful{}

// Load implements Store.
func (c Careful) Load(ctx context.Context, tool string) (t auth.Tokens, err error) {
	err = c.use(ctx, func(ctx context.Context) (err error) {
		t, err = c.Store.Load(ctx, tool)
		return err
	})
	return t, err
}

// Save implements Store.
func (c Careful) Save(ctx context.Context, tool string, t auth.Tokens) error {
	return c.use(ctx, func(ctx context.Context) error { return c.Store.Save(ctx, tool, t) })
}

// Delete implements Store.
func (c Careful) Delete(ctx context.Context, tool string) error {
	return c.use(ctx, func(ctx context.Context) error { return c.Store.Delete(ctx, tool) })
}

func (c Careful) use(ctx context.Context, do func(context.Context) error) error {
	err := c.Peek(ctx)
	if IsLocked(auth.AsError(err)) && c.Ask != nil {
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
func (c Careful) unlock(ctx context.Context, do func(context.Context) error) error {
	answered, err := c.Ask(ctx)
	if err != nil {
		return err
	}
	vain := false
	if err = c.Peek(ctx); err == nil {
		err = do(ctx)
	} else if IsLocked(auth.AsError(err)) {
		err = do(ctx)
		e := auth.AsError(err)
		vain = e != nil && (e.Code == CodeRefused || e.Code == CodeTimeout)
	}
	answered(!vain)
	return err
}

// IsLocked reports whether e is of a keychain that a person can unlock.
func IsLocked(e *auth.Error) bool {
	if e == nil {
		return false
	}
	switch e.Code {
	case CodeLocked, CodeWaiting, CodeRefused:
		return true
	}
	return false
}
