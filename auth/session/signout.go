package session

import (
	"context"

	"keyfob/auth"
	"keyfob/auth/keychain"
)

// SignOut forgets the tool's tokens, in memory at once and then in the
// keychain. An error says that the keychain may still hold them.
func (m *Manager) SignOut(ctx context.Context, tool string) error {
	var op *operation
	var err error
	if e := m.do(ctx, func(run context.Context) {
		s, ok := m.sessions[tool]
		if !ok {
			err = unknownTool(tool)
			return
		}
		if s.signIn != nil {
			s.signIn.operation.cancel()
		}
		s.load = nil
		f := &s.facts
		f.Tokens, f.Problem, f.Halted, f.Store = nil, nil, nil, ""
		op = start(run, m, func(ctx context.Context) error {
			release, err := m.cfg.Lock(ctx, tool)
			if err != nil {
				return err
			}
			defer release()
			return m.cfg.Store.Delete(ctx, tool)
		}, func(run context.Context, op *operation, err error) {
			switch e := auth.AsError(err); {
			case e == nil:
				f.Loaded, f.Keychain = true, nil
			case e.Code == keychain.CodeAbsent:
				f.Keychain = e // nothing is stored where nothing can be
			default:
				f.Problem, op.err = e, e
			}
			m.touch(run, s)
		})
		m.touch(run, s)
		m.settle(run)
	}); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	select {
	case <-op.done:
		return op.err
	case <-ctx.Done():
		return ctx.Err()
	}
}
