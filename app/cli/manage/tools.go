// Package manage does what `keyfob tools`, `keyfob autostart` and `keyfob check`
// say: it lists and changes the tools of the settings, and prints what was found.
//
// It is apart from keyfob/app/cli, whose commands it carries out, since it links
// what reads and writes settings files. It must never ask a provider
// itself.
package manage

import (
	"context"
	"io"
	"strings"
	"text/tabwriter"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/holdings"
	"keyfob/app/setup"
	"keyfob/auth"
	"keyfob/auth/session"
)

// Engine is what the commands ask of the user's engine. The methods of
// [keyfob/app/agent.Client] say what each does.
type Engine interface {
	setup.Secrets
	Holds(ctx context.Context, tool string) (tokens, secret bool, err error)
	Logout(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error)
}

// Tools does what `keyfob tools` says with the settings file at Path, beside the
// tools of an administrator, which it shows and does not change.
type Tools struct {
	Path   string
	System config.System
	Engine Engine
	Notes  holdings.Holdings               // to say what is noted of tools that are not in the settings
	Reload func(ctx context.Context) error // has an engine that runs follow the settings
	Env    cli.Env
}

var _ cli.Tools = Tools{}

// sayTable writes rows of cells under each other.
func sayTable(b *strings.Builder, rows [][]string) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, cells := range rows {
		for i := range cells {
			cells[i] = auth.Clean(cells[i]) // a tab or a line end would move the others
		}
		_, _ = io.WriteString(t, strings.Join(cells, "\t")+"\n")
	}
	_ = t.Flush() // a Builder takes everything
}
