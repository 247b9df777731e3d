package engine

import (
	"context"

	"keyfob/auth"
	"keyfob/auth/session"
)

// CurrentTokens returns the tokens that are there, whether they are still valid
// or not, and the tool that they are of. It renews nothing and opens no browser;
// o.MinValid does not count. The errors are those of [Manager.Token] for no
// tokens.
func (m *Manager) CurrentTokens(ctx context.Context, tool string, o session.TokenOptions) (auth.Tokens, auth.Tool, error) {
	c := caller{mayUnlock: o.MayUnlock, waits: o.Waits}
	for {
		var (
			got auth.Tokens
			of  auth.Tool
			err error
			op  *operation // to be waited for
		)
		if e := m.do(ctx, func(_ context.Context, l *loop) {
			s, ok := l.sessions[tool]
			if !ok {
				err = unknownTool(tool)
				return
			}
			f := &s.facts
			of = f.Tool
			switch {
			case f.BadSettings != nil:
				err = f.BadSettings
			case f.Tokens != nil:
				got = *f.Tokens
			case s.loading != nil:
				op = s.loading
			default:
				err = l.whyNoToken(*f, l.cfg.Now())
			}
		}); e != nil {
			return auth.Tokens{}, auth.Tool{}, e
		}
		if op == nil {
			return got, of, err
		}
		switch late, err := c.wait(ctx, op); {
		case err != nil:
			return auth.Tokens{}, auth.Tool{}, err
		case late:
			return auth.Tokens{}, auth.Tool{}, op.waitsFor
		}
	}
}
