package holdings

import (
	"context"
	"errors"
	"slices"

	"keyfob/app/config"
	"keyfob/auth"
)

// What the keychain holds of tools that are no longer in the settings: nobody
// would ever use or delete it, so it is told, and `keyfob logout` deletes it.

// Orphans are the IDs of the tools of which something was noted and which s does
// not have.
func (h Holdings) Orphans(s *config.Settings) []string {
	return h.Ledger.Orphans(func(tool string) bool { return s.Lines[tool] > 0 })
}

// Forget deletes all that the keychain holds of tools. What was deleted is
// returned with the errors of the others, joined.
func (h Holdings) Forget(ctx context.Context, tools []string) (forgotten []string, err error) {
	for _, tool := range tools {
		if fault := errors.Join(h.deleteTokens(ctx, tool), h.DeleteSecret(ctx, tool)); fault != nil {
			err = errors.Join(err, fault)
			continue
		}
		forgotten = append(forgotten, tool)
	}
	return forgotten, err
}

// ForgetUnknown is Forget for a tool that a sign-out did not know, as unknown
// says. That is returned where nothing is deleted: the keychain holds nothing of
// it, or holds it for another settings file.
func (h Holdings) ForgetUnknown(ctx context.Context, s *config.Settings, tool string, unknown error) ([]string, error) {
	if s.Lines[tool] > 0 {
		return nil, unknown // an engine that has not read the settings yet
	}
	if !slices.Contains(h.Orphans(s), tool) {
		if other := h.Ledger.Elsewhere(tool); other != "" {
			e := *auth.AsError(unknown)
			e.What = "there is no tool " + auth.Quote(tool) + " in " + s.Path + "; what the keychain holds of it is of " + other
			e.Do = "run `keyfob --config " + other + " logout " + tool + "`"
			return nil, &e
		}
		if !h.Ledger.Usual {
			return nil, unknown // whose it is, nobody knows
		}
		// An older Keyfob noted nothing.
		if tokens, secret, err := h.Left(ctx, tool); err != nil || !tokens && !secret {
			return nil, unknown
		}
	}
	return h.Forget(ctx, []string{tool})
}
