// Package person is the client of programs that show windows: beside what every
// client asks, what a person looks at and sets up there. It is apart from package
// agent, since a command that prints a token does without it.
//
// Like that it must never decide anything about a session.
package person

import (
	"context"

	"keyfob/app/agent"
	"keyfob/app/agent/internal/personops"
	"keyfob/app/agent/internal/wire"
	"keyfob/auth/inspect"
)

// Client is an [agent.Client] that asks more.
type Client struct{ *agent.Client }

// Dial is [agent.Dial].
func Dial(ctx context.Context, dir string) (*Client, error) {
	c, err := agent.Dial(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &Client{c}, nil
}

// Inspect returns what the tool's tokens say, as they are: expired ones are not
// renewed for it. No token crosses the socket.
func (c *Client) Inspect(ctx context.Context, tool string) (inspect.Inspection, error) {
	r, err := agent.Ask(ctx, c.Client, personops.OpInspect, wire.ToolRequest{Caller: c.Caller(), Tool: tool})
	return agent.Whole(r.Inspection, err, "what the token says")
}
