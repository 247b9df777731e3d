package desktop

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"keyfob/auth"
	"keyfob/auth/browser"
)

// template is what a settings file begins with when a person opens it before
// there is one.
const template = `# Keyfob's tools. One table for each; Keyfob notices when this file is saved.
#
# [tools.plant4]
# name      = "ThingWorx Plant 4"
# home      = "https://thingworx.example.com/Thingworx"
# issuer    = "https://login.example.com/realms/plant"
# client_id = "keyfob"
# scopes    = ["openid", "profile", "offline_access"]
`

// OpenSettings opens the settings file at path in the person's editor, and makes
// it first where there is none. An empty path is the demo's.
func OpenSettings(ctx context.Context, path string) error {
	if path == "" {
		return &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeDemo,
			What: "the demo has no settings file",
			Do:   "start `keyfob` itself",
			Who:  auth.WhoYou,
		}
	}
	if err := writeNew(path, template); err != nil {
		return err
	}
	return browser.OpenFile(ctx, path)
}

// writeNew writes a file that is not there yet.
func writeNew(path, text string) error {
	fail := func(err error) error {
		return &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeSettingsWrite,
			What: "the settings file could not be made",
			Do:   "make it yourself at " + path,
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fail(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fail(err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fail(err)
	}
	return nil
}
