package engine

import (
	"context"

	"keyfob/auth"
)

// CurrentTokens returns the tokens that are there, whether they are still valid or not,
// and the tool that they are of. It renews nothing, asks nobody for the
// keychain's password and opens no browser. The errors are those of
// [Manager.Token] for no tokens.
func (m *Manager) CurrentTokens(ctx context.Context, tool string) (auth.Tokens, auth.Tool, error) {
	for {
		var (
			got  auth.Tokens
			of   auth.Tool
			err  error
			wait *operation
		)
		if e := m.do(ctx, func(run context.Context) {
			s, ok := m.sessions[tool]
			if !ok {
				err = unknownTool(tool)
				return
			}
			f := &s.facts
			of = f.Tool
			switch {
			case f.Settings != nil:
				err = f.Settings
			case f.Tokens != nil:
				got = *f.Tokens
			case s.load != nil:
				wait = s.load
			default:
				err = m.whyNoToken(*f, m.cfg.Now(), 0)
			}
		}); e != nil {
			return auth.Tokens{}, auth.Tool{}, e
		}
		if wait == nil {
			return got, of, err
		}
		switch late, err := m.linger(ctx, wait); {
		case err != nil:
			return auth.Tokens{}, auth.Tool{}, err
		case late:
			return auth.Tokens{}, auth.Tool{}, wait.late
		}
	}
}
