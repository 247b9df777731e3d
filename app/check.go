package app

import (
	"context"

	"keyfob/app/check"
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/auth"
	"keyfob/auth/session"
)

// Check judges the provider of a tool, or the one at an issuer.
func (p program) Check(ctx context.Context, o cli.CheckOptions, e cli.Env) error {
	// People paste the address of the metadata, which holds the issuer.
	tool := auth.Tool{Issuer: auth.IssuerAt(o.Subject)}
	var last *session.Snapshot
	if !o.IsIssuer() {
		settings, err := p.settings()
		if err != nil {
			return err
		}
		if tool, err = toolOf(settings, o.Subject); err != nil {
			for _, ignored := range settings.Ignored {
				cli.Report(e.Err, ignored)
			}
			return err
		}
		last = p.lastSession(ctx, tool.ID)
	}
	client, err := daemon.NewClients(e.Now, nil).For(tool)
	if err != nil {
		return err
	}
	report, err := check.Provider(ctx, client, tool, last)
	if err != nil {
		return err
	}
	return manage.PrintCheck(e.Out, report, o)
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
func (p program) lastSession(ctx context.Context, tool string) (last *session.Snapshot) {
	engine, err := p.host.caller(p.config).Client()
	if err != nil {
		return nil
	}
	all, _ := engine.Status(ctx)
	for i := range all.Snapshots {
		if all.Snapshots[i].Tool == tool {
			last = &all.Snapshots[i]
		}
	}
	return last
}
