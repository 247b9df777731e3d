package agent

import (
	"context"

	"keyfob/app/agent/internal/wire"
	"keyfob/auth"
)

// Reload has the engine follow what the settings say now. It has done so when
// Reload returns.
func (c *Client) Reload(ctx context.Context) error {
	_, err := call(ctx, c, wire.OpReload, wire.CallerRequest{Caller: c.caller()})
	return err
}

// Yield has an engine that a command started make room for one that is to stay. The
// error has [auth.CodeRunning] where it stays itself, and [auth.CodeAgentInUse]
// where somebody needs it.
func (c *Client) Yield(ctx context.Context) error {
	_, err := call(ctx, c, wire.OpYield, wire.CallerRequest{Caller: c.caller()})
	switch e := auth.AsError(err); {
	case e == nil:
		return nil
	case e.Code == auth.CodeNoAgent, e.Code == auth.CodeAgentLeaving, e.Code == auth.CodeAgentGone:
		return nil // it has
	}
	return err
}

// SaveSecret stores the client secret of a tool of the settings in the keychain.
func (c *Client) SaveSecret(ctx context.Context, tool auth.Tool, secret auth.Secret) error {
	_, err := call(ctx, c, wire.OpSecret, wire.SecretRequest{Caller: c.caller(), Tool: tool.ID, Secret: secret.Reveal()})
	return err
}

// DeleteSecret deletes the client secret of a tool, which needs to be in no
// settings.
func (c *Client) DeleteSecret(ctx context.Context, tool string) error {
	_, err := call(ctx, c, wire.OpSecret, wire.SecretRequest{Caller: c.caller(), Tool: tool, Remove: true})
	return err
}

// Holds says what the keychain holds of a tool.
func (c *Client) Holds(ctx context.Context, tool string) (tokens, secret bool, err error) {
	r, err := call(ctx, c, wire.OpHolds, wire.ToolRequest{Caller: c.caller(), Tool: tool})
	return r.Tokens, r.Secret, err
}

// Forget deletes what the keychain holds of a tool that is not in the settings,
// or of all such tools where tool is empty. What was deleted is told beside an
// error, too, which is of [auth.CodeUnknownTool] where there is nothing of the
// tool.
func (c *Client) Forget(ctx context.Context, tool string) (forgotten []string, err error) {
	_, err = stream(
		ctx,
		c,
		wire.OpForget,
		wire.ForgetRequest{Caller: c.caller(), Tool: tool, All: tool == ""},
		func(r wire.ForgetReply) error {
			forgotten = r.Forgotten
			return nil
		},
	)
	return forgotten, err
}

// Promote shows the engine on the desktop whose environment is given, and returns
// what became of that in a sentence.
func (c *Client) Promote(ctx context.Context, environment map[string]string) (said string, err error) {
	r, err := call(ctx, c, wire.OpPromote, wire.PromoteRequest{Caller: c.caller(), Environment: environment})
	return r.Said, err
}
