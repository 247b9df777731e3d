package app

import (
	"context"
	"errors"

	"keyfob/app/agent"
	"keyfob/app/check"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/auth"
	"keyfob/auth/session"
)

// check judges the provider of a tool, or the one at an issuer.
func (h host) check(ctx context.Context, c cli.Command) error {
	// People paste the address of the metadata, which holds the issuer.
	tool := auth.Tool{Issuer: auth.IssuerAt(c.Tool)}
	var last *session.Snapshot
	if !cli.IsIssuer(c.Tool) {
		settings, err := h.settings(c)
		if err != nil {
			return err
		}
		if tool, err = toolOf(settings, c.Tool); err != nil {
			h.sayIgnored(c)
			return err
		}
		last = h.lastSession(ctx, settings, c)
	}
	client, err := daemon.NewClients(h.now, nil).For(tool)
	if err != nil {
		return err
	}
	report, err := check.Provider(ctx, client, tool, last)
	if err != nil {
		return err
	}
	return cli.PrintCheck(h.out, report, c.Check)
}

// toolOf finds a tool of the settings, or says why it cannot be used.
func toolOf(s *config.Settings, id string) (auth.Tool, error) {
	for _, t := range s.Tools {
		if t.ID == id {
			return t, nil
		}
	}
	for _, b := range s.Bad {
		if b.ID == id {
			return auth.Tool{}, b.Err
		}
	}
	return auth.Tool{}, &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeUnknownTool, Who: auth.WhoYou,
		What: "there is no tool " + auth.Quote(id) + " in the settings",
		Do:   "run `keyfob status` to see the tools, or give an issuer's https address",
	}
}

// lastSession is the tool's session as far as anybody can tell. Without one the
// check says less, and does not fail.
func (h host) lastSession(ctx context.Context, s *config.Settings, c cli.Command) (last *session.Snapshot) {
	dir, err := config.RuntimeDir()
	if err != nil {
		return nil
	}
	ask := func(e cli.Engine) error {
		all, err := e.Status(ctx)
		for i := range all {
			if all[i].Tool == c.Tool {
				last = &all[i]
			}
		}
		return err
	}
	client, err := agent.Dial(ctx, dir)
	switch {
	case err == nil:
		_ = ask(client)
		_ = client.Close()
	case errors.Is(err, agent.ErrNoAgent):
		_ = h.withLocal(ctx, s, c.Tool, dir, ask)
	}
	return last
}
