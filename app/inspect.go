package app

import (
	"context"

	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
)

// inspect explains the tokens that a tool has, without the tokens. It renews
// nothing and opens no browser.
func (r *resident) inspect(ctx context.Context, tool string) (inspect.Inspection, error) {
	t, of, err := r.sessions.CurrentTokens(ctx, tool)
	if err != nil {
		return inspect.Inspection{}, err
	}
	return parse.Tokens(t, of, r.host.now()), nil
}
