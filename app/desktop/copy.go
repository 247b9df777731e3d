package desktop

import (
	"context"
	"strings"
	"time"

	"keyfob/app/agent"
	"keyfob/app/formats"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/provider"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// copyValid is how long a token that is copied lives at least.
const copyValid = 10 * time.Second

// copier copies what a person asks for in the menu or in a window.
type copier struct {
	sessions   *engine.Manager
	copies     *copies
	clearAfter func() time.Duration // how long a secret stays
}

// copy copies what as says of a tool or, for [agent.CopyRedirect], of a preset.
func (c *copier) copy(ctx context.Context, tool string, as agent.CopyAs) error {
	switch as {
	case agent.CopyToken:
		return c.token(ctx, tool, formats.Token)
	case agent.CopyHeader, agent.CopyCurl, agent.CopyEnv:
		return c.token(ctx, tool, formats.Format(as)) // the same words
	case agent.CopyAddress:
		return c.address(ctx, tool)
	case agent.CopyDetails:
		return c.details(ctx, tool)
	case agent.CopyRedirect:
		return c.redirect(ctx, tool)
	}
	return &auth.Error{Kind: auth.KindUsage, Code: auth.CodeCopyAs, What: "keyfob cannot copy " + auth.Quote(string(as)), Who: auth.WhoYou}
}

// token copies what is made of the tool's access token.
func (c *copier) token(ctx context.Context, tool string, f formats.Format) error {
	s, err := snapshot(ctx, c.sessions, tool)
	if err != nil {
		return err
	}
	t, err := c.sessions.Token(ctx, tool, session.TokenOptions{MinValid: copyValid, MayUnlock: true})
	if err != nil {
		return err
	}
	text, err := formats.Text(f, s.Address(), t)
	if err != nil {
		return err
	}
	if err := c.copies.copySecret(ctx, tool, text, c.clearAfter()); err != nil {
		return err
	}
	// Whoever signed out meanwhile must not find the token afterwards.
	if all, err := c.sessions.Snapshots(ctx); err == nil && signedOut(all, tool) {
		c.copies.clear()
	}
	return nil
}

// address copies the address of the sign-in under way.
func (c *copier) address(ctx context.Context, tool string) error {
	s, err := snapshot(ctx, c.sessions, tool)
	if err != nil {
		return err
	}
	return c.copies.copySecret(ctx, tool, auth.Secret(s.SignInURL), c.clearAfter())
}

// details copies what is known of the tool's problem, to be sent to an
// administrator. It is no secret, so it stays on the clipboard.
func (c *copier) details(ctx context.Context, tool string) error {
	s, err := snapshot(ctx, c.sessions, tool)
	if err != nil || s.Problem == nil {
		return err
	}
	// These details go to an administrator, so they address the administrator.
	said := *s.Problem
	said.Who = auth.WhoYou
	return c.copies.copyPublic(ctx, s.Name+": "+wording.Details(&said))
}

// redirect copies what to register for a preset, and the host that may follow
// it. It is no secret, so it stays on the clipboard.
func (c *copier) redirect(ctx context.Context, preset string) error {
	preset, host, _ := strings.Cut(preset, " ")
	p, ok := provider.Find(preset)
	if !ok {
		return nil
	}
	return c.copies.copyPublic(ctx, strings.Join(p.Redirects(host), "\n"))
}

// snapshot is a tool's session now.
func snapshot(ctx context.Context, m *engine.Manager, tool string) (session.Snapshot, error) {
	all, err := m.Snapshots(ctx)
	if err != nil {
		return session.Snapshot{}, err
	}
	for _, s := range all {
		if s.Tool == tool {
			return s, nil
		}
	}
	return session.Snapshot{}, &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeUnknownTool,
		What: "the tool is no longer in the settings",
		Who:  auth.WhoYou,
	}
}
