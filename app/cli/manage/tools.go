// Package manage does what `keyfob tools`, `keyfob autostart` and `keyfob check`
// say: it lists and changes the tools of the settings, and prints what was found.
//
// It is apart from keyfob/app/cli, whose commands it carries out, since it links
// what reads and writes settings files. It must never ask a provider or a keychain
// itself: it has a [Keeper] for that.
package manage

import (
	"context"
	"io"
	"strings"
	"text/tabwriter"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/session"
)

// Keeper does what `keyfob tools` needs of the keychain and of an engine.
type Keeper interface {
	SaveSecret(ctx context.Context, tool auth.Tool, secret auth.Secret) error
	DeleteSecret(ctx context.Context, tool string) error
	// Left says what the keychain still holds of a tool, without asking a person
	// for its password.
	Left(ctx context.Context, tool string) (tokens, secret bool, err error)
	Logout(ctx context.Context, tool string) (session.SignOutResult, error)
}

// Tools does what `keyfob tools` says with the settings file at Path, beside the
// tools of an administrator, which it shows and does not change.
type Tools struct {
	Path   string
	System config.System
	Keeper Keeper
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
