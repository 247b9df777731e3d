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
	"keyfob/auth"
)

// Tools does what `keyfob tools` says with the settings file at Path, beside the
// tools of an administrator, which it shows and does not change.
type Tools struct {
	Path     string
	System   config.System
	Holdings holdings.Holdings
	Ask      func(ctx context.Context, tool string, use func(cli.Engine) error) error // the program's
	Env      cli.Env
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
