package person

import (
	"context"

	"keyfob/app/agent"
	"keyfob/app/agent/internal/personops"
	"keyfob/app/agent/internal/wire"
	"keyfob/app/setup/form"
)

// Presets returns the providers that are known, in the order in which people
// are told of them.
func (c *Client) Presets(ctx context.Context) ([]form.Preset, error) {
	r, err := agent.Ask(ctx, c.Client, personops.OpPresets, wire.Nothing{})
	return r.Presets, err
}

// Recognise returns what the address of a sign-in page tells of a tool: its
// provider, and values of some fields. An error of KindUsage says that it is no
// such address.
func (c *Client) Recognise(ctx context.Context, address string) (form.Draft, error) {
	r, err := agent.Ask(ctx, c.Client, personops.OpRecognise, personops.RecogniseRequest{Address: address})
	return agent.Whole(r.Draft, err, wanted)
}

// Check asks the provider of a draft and says how it fits. When ctx ends it is
// not asked further.
func (c *Client) Check(ctx context.Context, d form.Draft) (form.Judgement, error) {
	r, err := agent.Ask(ctx, c.Client, personops.OpCheck, personops.DraftRequest{Draft: d})
	return agent.Whole(r.Judged, err, wanted)
}

// Add writes a draft into the settings. Faults in the answer say that nothing
// was written.
func (c *Client) Add(ctx context.Context, d form.Draft) (form.Judgement, error) {
	r, err := agent.Ask(ctx, c.Client, personops.OpAdd, personops.DraftRequest{Draft: d})
	return agent.Whole(r.Judged, err, wanted)
}

// Import takes tools out of ThingWorx's settings, or says what it would take.
func (c *Client) Import(ctx context.Context, i form.ImportRequest) (form.ImportResult, error) {
	r, err := agent.Ask(ctx, c.Client, personops.OpImport, personops.ImportRequest{Import: i})
	return agent.Whole(r.Imported, err, wanted)
}

// Preferences returns how Keyfob behaves.
func (c *Client) Preferences(ctx context.Context) (form.Preferences, error) {
	r, err := agent.Ask(ctx, c.Client, personops.OpSettings, wire.Nothing{})
	return agent.Whole(r.Preferences, err, wanted)
}

// Change changes a preference and returns them all.
func (c *Client) Change(ctx context.Context, change form.Change) (form.Preferences, error) {
	r, err := agent.Ask(ctx, c.Client, personops.OpChange, personops.ChangeRequest{Change: change})
	return agent.Whole(r.Preferences, err, wanted)
}

// wanted stands for an answer in an error.
const wanted = "what was asked for"
