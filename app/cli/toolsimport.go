package cli

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

	"keyfob/app/config"
	"keyfob/app/ssosettings"
	"keyfob/auth"
	"keyfob/auth/plainfile"
)

// Imported is what became of a file of ThingWorx's settings, or would become.
type Imported struct {
	Entries []ImportedEntry
	Slips   []ssosettings.Slip
	Ignored []string // sections that were passed over
	Added   int
}

// ImportedEntry is what became of one server of the file. Why says that it was
// left.
type ImportedEntry struct {
	ssosettings.Entry
	Stored error // why its secret could not be stored, or nil
}

// Import writes the servers of ThingWorx's settings as tools into the settings
// file of have, or with a dry run only says what it would do.
func Import(ctx context.Context, have *config.Settings, o ToolsOptions, k Keeper) (Imported, error) {
	path := have.Path
	data, err := readImport(ctx, o.File)
	if err != nil {
		return Imported{}, err
	}
	file, err := ssosettings.Read(data, o.WithSecret)
	if e := auth.AsError(err); e != nil {
		said := *e
		said.What = o.File + ", " + e.What
		return Imported{}, &said
	}
	to := path
	if o.DryRun {
		copied, remove, err := rehearsal(path)
		if err != nil {
			return Imported{}, err
		}
		defer remove()
		to = copied
	}
	done := Imported{Slips: file.Slips, Ignored: file.Ignored}
	for _, e := range file.Entries(have) {
		if e.Settings != nil {
			if fault := config.AddSettings(ctx, to, e.Tool, e.Settings); fault != nil {
				e.Settings, e.Why = nil, fault.Error()
			}
		}
		one := ImportedEntry{Entry: e}
		if e.Settings != nil {
			done.Added++
			if e.Keep != "" && !o.DryRun {
				one.Stored = keepSecret(ctx, to, e, k)
			}
		}
		done.Entries = append(done.Entries, one)
	}
	return done, nil
}

// importTools writes the servers of ThingWorx's settings as tools, and says
// what it took, what it left, and why.
func importTools(ctx context.Context, have *config.Settings, o ToolsOptions, k Keeper, w IO) error {
	path := have.Path
	done, err := Import(ctx, have, o, k)
	if err != nil {
		return err
	}
	say := func(format string, args ...any) {
		if err == nil {
			err = Say(w.Out, fmt.Sprintf(format, args...))
		}
	}
	for _, s := range done.Slips {
		say("%s:%d: %s; it was passed over", o.File, s.Line, s.What)
	}
	var failed error
	for _, e := range done.Entries {
		say("%s:%d: %s", o.File, e.Line, auth.Quote(e.ID))
		if e.Settings == nil {
			say("  left: %s", e.Why)
			continue
		}
		verb := "added to " + path
		if o.DryRun {
			verb = "would be added to " + path
		}
		say("  tool %s, %s", e.Tool, verb)
		say("  taken: %s", strings.Join(e.Taken, ", "))
		for _, w := range e.Warnings {
			say("  warning: %s", w)
		}
		for _, l := range e.Left {
			say("  left: %s", l)
		}
		switch {
		case e.Keep == "":
		case o.DryRun:
			say("  clientSecret would be stored in the keychain")
		case e.Stored != nil:
			failed = errors.Join(failed, e.Stored)
			say("  left: clientSecret could not be stored: `keyfob tools secret %s` tries again.", e.Tool)
		default:
			say("  clientSecret is stored in the keychain")
		}
	}
	if len(done.Ignored) > 0 {
		say("%s: passed over %s; passwords in there were not kept", o.File, strings.Join(done.Ignored, ", "))
	}
	switch {
	case err != nil:
		return err
	case failed != nil:
		return auth.AsError(failed)
	case done.Added == 0:
		return &auth.Error{Kind: auth.KindFailed, Code: "nothing_imported", What: "no tool came of " + o.File, Do: "fill in what is missing there, or add one with `keyfob tools add`", Who: auth.WhoYou}
	}
	return nil
}

func keepSecret(ctx context.Context, path string, e ssosettings.Entry, k Keeper) error {
	secret, err := CheckSecret(e.Keep.Reveal())
	if err != nil {
		return err
	}
	tool, err := added(path, e.Tool)
	if err != nil {
		return err
	}
	return k.SaveSecret(ctx, tool, secret)
}

// readImport reads the whole file into one buffer, which whoever parses it
// overwrites: there are passwords in it. A pipe will do, as shells make them of
// <(command), and what is read from it ends with ctx.
func readImport(ctx context.Context, name string) ([]byte, error) {
	fail := func(why string, err error) ([]byte, error) {
		return nil, &auth.Error{Kind: auth.KindUsage, Code: "sso_settings", What: "cannot read " + name + " (" + why + ")", Do: "name sso-settings.json or platform-settings.json of ThingWorx", Who: auth.WhoYou, Err: err}
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
		return nil, &auth.Error{Kind: auth.KindCanceled, Code: "canceled", What: "nothing was imported, since the wait for " + name + " was cancelled", Who: auth.WhoYou, Err: ctx.Err()}
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
		return "", nil, &auth.Error{Kind: auth.KindFailed, Code: "dry_run", What: "there is no place to try the import (" + err.Error() + ")", Who: auth.WhoYou, Err: err}
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
