package engine

import (
	"context"

	"keyfob/auth"
)

// Reopen opens the browser once more for the sign-in under way.
func (m *Manager) Reopen(ctx context.Context, tool string) error {
	err := error(
		&auth.Error{Kind: auth.KindUsage, Code: auth.CodeNoSignIn, What: "no sign-in is under way", Do: "sign in", Who: auth.WhoYou},
	)
	address := ""
	if e := m.do(ctx, func(context.Context) {
		switch s := m.sessions[tool]; {
		case s == nil:
			err = unknownTool(tool)
		case s.signIn != nil && s.signIn.hand != nil:
			address = s.signIn.hand()
		}
	}); e != nil {
		return e
	}
	if address == "" {
		return err
	}
	return m.cfg.OpenBrowser(ctx, address)
}
