package manage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/holdings"
	"keyfob/app/setup/form"
	"keyfob/app/ssosettings"
	"keyfob/auth"
	"keyfob/auth/plainfile"
)

// Import writes the servers of ThingWorx's settings as tools into the settings
// file of have, or with a dry run only says what it would do.
func Import(ctx context.Context, have *config.Settings, o cli.ToolsImportOptions, h holdings.Holdings) (agent.Imported, error) {
	to := have.Path
	data, err := readImport(ctx, o.File)
	if err != nil {
		return agent.Imported{}, err
	}
	file, err := ssosettings.Read(data, o.WithSecret)
	if e := auth.AsError(err); e != nil {
		said := *e
		said.What = o.File + ", " + e.What
		return agent.Imported{}, &said
	}
	if o.DryRun {
		copied, remove, err := rehearsal(to)
		if err != nil {
			return agent.Imported{}, err
		}
		defer remove()
		to = copied
	}
	done := agent.Imported{File: o.File, Ignored: file.Ignored}
	for _, s := range file.Slips {
		done.Slips = append(done.Slips, agent.Slip(s))
	}
	for _, e := range file.Entries(have) {
		one := agent.ImportedEntry{Name: e.ID, Line: e.Line, Why: e.Why, Taken: e.Taken, Left: e.Left, Warnings: e.Warnings}
		if e.Settings != nil {
			if fault := config.AddSettings(ctx, to, e.Tool, e.Settings); fault != nil {
				e.Settings, one.Why = nil, fault.Error()
			}
		}
		if e.Settings != nil {
			one.Tool, one.Title = e.Tool, titleOf(e)
			if e.HasSecret && e.ClientAuth != string(auth.ClientAuthNone) {
				done.Secrets++
			}
			one.Secret, one.SecretFault = importSecret(ctx, to, e, o, h)
		}
		done.Entries = append(done.Entries, one)
	}
	return done, nil
}

// titleOf is the name that an entry's tool gets.
func titleOf(e ssosettings.Entry) string {
	for _, s := range e.Settings {
		if name, ok := s.Value.(string); ok && s.Key == form.KeyName {
			return name
		}
	}
	return e.Tool
}

// importSecret stores an entry's client secret if it was asked for.
func importSecret(ctx context.Context, to string, e ssosettings.Entry, o cli.ToolsImportOptions, h holdings.Holdings) (agent.ImportedSecret, *auth.Error) {
	switch {
	case e.NotRead:
		return form.SecretLeft, nil
	case e.Keep == "":
		return "", nil
	case o.DryRun:
		return form.SecretStored, nil
	}
	if err := keepSecret(ctx, to, e, h); err != nil {
		return form.SecretFailed, auth.AsError(err)
	}
	return form.SecretStored, nil
}

// Import writes the servers of ThingWorx's settings as tools, and says what it
// took, what it left, and why.
func (t Tools) Import(ctx context.Context, o cli.ToolsImportOptions) error {
	have, err := config.LoadAll(t.Path, t.System)
	if err != nil {
		return err
	}
	done, err := Import(ctx, have, o, t.Holdings)
	if err != nil {
		return err
	}
	say := func(format string, args ...any) {
		if err == nil {
			err = cli.Say(t.Env.Out, fmt.Sprintf(format, args...))
		}
	}
	for _, s := range done.Slips {
		say("%s:%d: %s; it was passed over", o.File, s.Line, s.What)
	}
	would := ""
	if o.DryRun {
		would = "would be "
	}
	var failed []error
	for _, e := range done.Entries {
		say("%s:%d: %s", o.File, e.Line, auth.Quote(e.Name))
		if e.Tool == "" {
			say("  left: %s", e.Why)
			continue
		}
		say("  tool %s, %sadded to %s", e.Tool, would, have.Path)
		say("  taken: %s", strings.Join(e.Taken, ", "))
		for _, w := range e.Warnings {
			say("  warning: %s", w)
		}
		for _, l := range e.Left {
			say("  left: %s", l)
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

func keepSecret(ctx context.Context, path string, e ssosettings.Entry, h holdings.Holdings) error {
	secret, err := CheckSecret(e.Keep.Reveal())
	if err != nil {
		return err
	}
	tool, err := added(path, e.Tool)
	if err != nil {
		return err
	}
	return h.SaveSecret(ctx, tool, secret)
}

// readImport reads the whole file into one buffer, which whoever parses it
// overwrites: there are passwords in it. A pipe will do, as shells make them of
// <(command), and what is read from it ends with ctx.
func readImport(ctx context.Context, name string) ([]byte, error) {
	fail := func(why string, err error) ([]byte, error) {
		return nil, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeSSOSettings,
			What: "cannot read " + name + " (" + why + ")",
			Do:   "name sso-settings.json or platform-settings.json of ThingWorx",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	f, err := plainfile.OpenOrPipe(name)
	if err != nil {
		return fail(plainfile.Why(err), err)
	}
	defer func() { _ = f.Close() }()
	defer context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Now()) })()
	// One buffer of a known size: growing would leave copies of it behind.
	data := make([]byte, ssosettings.MaxFile+1)
	n, err := io.ReadFull(f, data)
	switch {
	case err == nil:
		clear(data)
		return fail("it is larger than "+plainfile.Size(ssosettings.MaxFile), nil)
	case ctx.Err() != nil:
		clear(data)
		return nil, &auth.Error{
			Kind: auth.KindCanceled, Code: auth.CodeCanceled,
			What: "nothing was imported, since the wait for " + name + " was cancelled", Who: auth.WhoYou, Err: ctx.Err(),
		}
	case err != io.EOF && err != io.ErrUnexpectedEOF:
		clear(data)
		return fail("it cannot be read to its end", err)
	case n == 0:
		return fail("it is empty", nil)
	}
	return data[:n], nil
}

// rehearsal copies the settings to where a dry run may change them.
func rehearsal(path string) (copied string, remove func(), err error) {
	fail := func(err error) (string, func(), error) {
		return "", nil, &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeDryRun,
			What: "there is no place to try the import (" + err.Error() + ")",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	dir, err := os.MkdirTemp("", "keyfob-import")
	if err != nil {
		return fail(err)
	}
	remove = func() { _ = os.RemoveAll(dir) }
	copied = filepath.Join(dir, filepath.Base(path))
	data, err := plainfile.Read(path, config.MaxFile)
	if err == nil {
		err = os.WriteFile(copied, data, 0o600)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		remove()
		return fail(err)
	}
	return copied, remove, nil
}
