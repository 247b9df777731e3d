package agent

import (
	"context"

	"keyfob/auth"
)

// Presets returns the providers that are known, in the order in which people
// are told of them.
func (c *Client) Presets(ctx context.Context) ([]Preset, error) {
	r, err := c.ask(ctx, request{Op: opPresets}, nil)
	return r.Presets, err
}

// Recognise returns what the address of a sign-in page tells of a tool: its
// provider, and values of some fields. An error of KindUsage says that it is no
// such address.
func (c *Client) Recognise(ctx context.Context, address string) (Draft, error) {
	r, err := c.ask(ctx, request{Op: opKnow, Address: address}, nil)
	return whole(r.Draft, err)
}

// Check asks the provider of a draft and says how it fits. When ctx ends it is
// not asked further.
func (c *Client) Check(ctx context.Context, d Draft) (Judged, error) {
	r, err := c.ask(ctx, request{Op: opCheck, Draft: &d}, nil)
	return whole(r.Judged, err)
}

// Add writes a draft into the settings. Faults in the answer say that nothing
// was written.
func (c *Client) Add(ctx context.Context, d Draft) (Judged, error) {
	r, err := c.ask(ctx, request{Op: opAdd, Draft: &d}, nil)
	return whole(r.Judged, err)
}

// Import takes tools out of ThingWorx's settings, or says what it would take.
func (c *Client) Import(ctx context.Context, i Import) (Imported, error) {
	r, err := c.ask(ctx, request{Op: opImport, Import: &i}, nil)
	return whole(r.Imported, err)
}

// Preferences returns how Keyfob behaves.
func (c *Client) Preferences(ctx context.Context) (Preferences, error) {
	r, err := c.ask(ctx, request{Op: opSettings}, nil)
	return whole(r.Preferences, err)
}

// Change changes a preference and returns them all.
func (c *Client) Change(ctx context.Context, ch Change) (Preferences, error) {
	r, err := c.ask(ctx, request{Op: opChange, Change: &ch}, nil)
	return whole(r.Preferences, err)
}

// whole is an answer's part, which a foreign engine may leave out.
func whole[T any](v *T, err error) (T, error) {
	if v == nil {
		v = new(T)
		if err == nil {
			err = &auth.Error{
				Kind: auth.KindProtocol,
				Code: auth.CodeAgentReply,
				What: "the engine answered without what was asked for",
				Do:   "quit it and start it again",
				Who:  auth.WhoYou,
			}
		}
	}
	return *v, err
}
