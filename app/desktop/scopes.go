package desktop

import (
	"context"
	"slices"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// scopesChanged returns the sessions whose sign-in asked for other scopes than
// the settings do.
func scopesChanged(ctx context.Context, m *engine.Manager) []session.Snapshot {
	all, _ := m.Snapshots(ctx)
	return slices.DeleteFunc(slices.Clone(all), func(s session.Snapshot) bool {
		return s.Problem == nil || s.Problem.Code != auth.CodeScopesChanged
	})
}

// askForScopes asks the person who has just changed the settings to sign in
// again where that needs it. Nobody is asked twice: from then on the menu and
// `keyfob status` say so.
func (d *Desktop) askForScopes(ctx context.Context, before []session.Snapshot) {
	for _, s := range scopesChanged(ctx, d.sessions) {
		if len(without(before, s.Tool)) < len(before) {
			continue
		}
		_ = d.screen.do(ctx, func(context.Context) { d.screen.notices.show(s.Tool+"/scopes", scopesNote(s)) })
	}
}
