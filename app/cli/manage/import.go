package manage

import (
	"context"
	"fmt"
	"strings"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/setup"
	"keyfob/app/setup/form"
	"keyfob/auth"
)

// Import writes the servers of ThingWorx's settings as tools, and says what it
// took, what it left, and why.
func (t Tools) Import(ctx context.Context, o cli.ToolsImportOptions) error {
	have, err := config.LoadAll(t.Path, t.System)
	if err != nil {
		return err
	}
	done, err := setup.ImportFile(
		ctx, have, form.ImportRequest{Path: o.File, Take: !o.DryRun, WithSecret: o.WithSecret}, t.Engine,
	)
	if err == nil && !o.DryRun {
		err = t.Reload(ctx)
	}
	if err != nil {
		return err
	}
	say := func(format string, args ...any) {
		if err == nil {
			err = cli.Say(t.Env.Out, fmt.Sprintf(format, args...))
		}
	}
	for _, s := range done.Slips {
		say("%s:%d: %s; it was passed over", o.File, s.Line, s.Text())
	}
	would := ""
	if o.DryRun {
		would = "would be "
	}
	var failed []error
	for _, e := range done.Entries {
		say("%s:%d: %s", o.File, e.Line, auth.Quote(e.Name))
		if !e.Added() {
			say("  left: %s", e.Skipped.Text(e.Tool))
			continue
		}
		say("  tool %s, %sadded to %s", e.Tool, would, have.Path)
		var taken []string
		for _, t := range e.Taken {
			taken = append(taken, t.Text())
		}
		say("  taken: %s", strings.Join(taken, ", "))
		for _, r := range e.Remarks {
			if r.Warns() {
				say("  warning: %s", r.Text(e.Tool))
			}
		}
		for _, r := range e.Remarks {
			if !r.Warns() {
				say("  left: %s", r.Text(e.Tool))
			}
		}
		switch e.Secret {
		case form.SecretLeft:
			say(
				"  left: clientSecret was not read: `keyfob tools secret %s` stores it in the keychain, or import with --with-secret.",
				e.Tool,
			)
		case form.SecretFailed:
			failed = append(failed, e.SecretFault)
			say("  left: clientSecret could not be stored: `keyfob tools secret %s` tries again.", e.Tool)
		case form.SecretStored:
			is := "is "
			if o.DryRun {
				is = would
			}
			say("  clientSecret %sstored in the keychain", is)
		}
	}
	if len(done.Ignored) > 0 {
		say("%s: passed over %s; passwords in there were not kept", o.File, strings.Join(done.Ignored, ", "))
	}
	switch {
	case err != nil:
		return err
	case failed != nil:
		return failed[0]
	case done.Added() == 0:
		return &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeNothingImported,
			What: "no tool came of " + o.File,
			Do:   "fill in what is missing there, or add one with `keyfob tools add`",
			Who:  auth.WhoYou,
		}
	}
	return nil
}
