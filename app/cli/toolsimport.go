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

	"keyfob/app/config"
	"keyfob/app/ssosettings"
	"keyfob/auth"
)

// importTools writes the servers of ThingWorx's settings as tools, and says
// what it took, what it left, and why.
func importTools(ctx context.Context, have *config.Settings, o ToolsOptions, k Keeper, w IO) error {
	path := have.Path
	data, err := readImport(o.File)
	if err != nil {
		return err
	}
	file, err := ssosettings.Read(data, o.WithSecret)
	if e := auth.AsError(err); e != nil {
		said := *e
		said.What = o.File + ", " + e.What
		return &said
	}
	to := path
	if o.DryRun {
		copied, remove, err := rehearsal(path)
		if err != nil {
			return err
		}
		defer remove()
		to = copied
	}

	say := func(format string, args ...any) {
		if err == nil {
			err = printLine(w.Out, fmt.Sprintf(format, args...))
		}
	}
	for _, s := range file.Slips {
		say("%s:%d: %s; it was passed over", o.File, s.Line, s.What)
	}
	added := 0
	var failed error
	for _, e := range file.Entries(have) {
		say("%s:%d: %s", o.File, e.Line, auth.Quote(e.ID))
		if e.Settings != nil {
			if fault := config.AddSettings(to, e.Tool, e.Settings); fault != nil {
				e.Settings, e.Why = nil, fault.Error()
			}
		}
		if e.Settings == nil {
			say("  left: %s", e.Why)
			continue
		}
		added++
		verb := "added to " + path
		if o.DryRun {
			verb = "would be added to " + path
		}
		say("  tool %s, %s", e.Tool, verb)
		say("  taken: %s", strings.Join(e.Taken, ", "))
		for _, l := range e.Left {
			say("  left: %s", l)
		}
		if e.Keep == "" {
			continue
		}
		if o.DryRun {
			say("  clientSecret would be stored in the keychain")
		} else if fault := keepSecret(ctx, to, e, k); fault != nil {
			failed = errors.Join(failed, fault)
			say("  left: clientSecret could not be stored: `keyfob tools secret %s` tries again.", e.Tool)
		} else {
			say("  clientSecret is stored in the keychain")
		}
	}
	if len(file.Ignored) > 0 {
		say("%s: passed over %s; passwords in there were not kept", o.File, strings.Join(file.Ignored, ", "))
	}
	switch {
	case err != nil:
		return err
	case failed != nil:
		return auth.AsError(failed)
	case added == 0:
		return &auth.Error{Kind: auth.KindFailed, Code: "nothing_imported", What: "no tool came of " + o.File, Do: "fill in what is missing there, or add one with `keyfob tools add`", Who: auth.WhoYou}
	}
	return nil
}

func keepSecret(ctx context.Context, path string, e ssosettings.Entry, k Keeper) error {
	secret, err := checkSecret(e.Keep.Reveal())
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
// overwrites: there are passwords in it.
func readImport(name string) ([]byte, error) {
	fail := func(why string, err error) ([]byte, error) {
		return nil, &auth.Error{Kind: auth.KindUsage, Code: "sso_settings", What: "cannot read " + name + " (" + why + ")", Do: "name sso-settings.json or platform-settings.json of ThingWorx", Who: auth.WhoYou, Err: err}
	}
	f, err := os.Open(name)
	if err != nil {
		why := err.Error()
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			why = pe.Err.Error()
		}
		return fail(why, err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return fail("it is a folder", nil)
	}
	// One buffer of a known size: growing would leave copies of it behind.
	data := make([]byte, ssosettings.MaxFile+1)
	n, err := io.ReadFull(f, data)
	switch {
	case err == nil:
		clear(data)
		return fail("it is larger than 1 MiB", nil)
	case err != io.EOF && err != io.ErrUnexpectedEOF:
		clear(data)
		return fail("it cannot be read to its end", err)
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
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(copied, data, 0o600)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		remove()
		return fail(err)
	}
	return copied, remove, nil
}
