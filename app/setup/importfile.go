package setup

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"keyfob/app/config"
	"keyfob/app/ssosettings"
	"keyfob/auth"
	"keyfob/auth/plainfile"
)

// pastedPath is the path that somebody pasted, as file managers give it: plain, in
// quotes, or as an address.
func pastedPath(s string) (string, error) {
	s = strings.TrimSpace(s)
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	if u, err := url.Parse(s); err == nil && u.Scheme == "file" && u.Path != "" {
		s = u.Path
		if runtime.GOOS == "windows" { // file:///C:/folder
			s = strings.TrimPrefix(s, "/")
		}
		s = filepath.FromSlash(s)
	}
	if !filepath.IsAbs(s) {
		return "", &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeSSOSettings,
			What: auth.Quote(s) + " is not the whole path of a file",
			Do:   "write it from the root on, or choose the file",
			Who:  auth.WhoYou,
		}
	}
	return filepath.Clean(s), nil
}

// readFile reads the whole file into one buffer, which whoever parses it
// overwrites: there are passwords in it. A pipe will do, as shells make them of
// <(command), and what is read from it ends with ctx.
func readFile(ctx context.Context, name string) ([]byte, error) {
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

// scratchCopy copies the settings to where a dry run may change them.
func scratchCopy(path string) (copied string, remove func(), err error) {
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
