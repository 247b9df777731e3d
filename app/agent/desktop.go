package agent

import (
	"context"

	"keyfob/app/agent/internal/wire"
)

// CopyAs is what of a session is copied.
type CopyAs string

// What can be copied. The first four are secret, and leave the clipboard
// after a while.
const (
	CopyToken   CopyAs = ""        // the access token alone
	CopyHeader  CopyAs = "header"  // the header of HTTP that carries it
	CopyCurl    CopyAs = "curl"    // a line for a shell that calls the tool with it
	CopyEnv     CopyAs = "env"     // a line for a shell that sets KEYFOB_TOKEN
	CopyAddress CopyAs = "address" // what the browser was asked to open, while a person signs in
	CopyDetails CopyAs = "details" // what is known of the last problem

	// CopyRedirect is of a preset, which stands in the tool's place, followed by a
	// blank and the provider's host where that is known: what to
	// register as redirect URIs.
	CopyRedirect CopyAs = "redirect"
)

// Later says that a person put off the prompt to sign in.
func (c *Client) Later(ctx context.Context, tool string) error {
	_, err := call(ctx, c, wire.OpLater, wire.ToolRequest{Tool: tool})
	return err
}

// Copy puts the tool's access token, or what as says, into the engine's
// clipboard.
func (c *Client) Copy(ctx context.Context, tool string, as CopyAs) error {
	_, err := call(ctx, c, wire.OpCopy, wire.CopyRequest{Tool: tool, As: string(as)})
	return err
}

// Home opens the tool's home page in the browser.
func (c *Client) Home(ctx context.Context, tool string) error {
	_, err := call(ctx, c, wire.OpHome, wire.ToolRequest{Tool: tool})
	return err
}

// Reopen opens the address of the tool's sign-in under way in the browser once
// more.
func (c *Client) Reopen(ctx context.Context, tool string) error {
	_, err := call(ctx, c, wire.OpReopen, wire.ToolRequest{Tool: tool})
	return err
}

// Show brings the engine that runs to the person's attention.
func (c *Client) Show(ctx context.Context) error {
	_, err := call(ctx, c, wire.OpShow, wire.Nothing{})
	return err
}
