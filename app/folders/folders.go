// Package folders says where Keyfob's folders and its settings file belong on this
// system, for this user.
//
// It must never make a folder, read a file in one, or link more than every
// command can afford.
package folders

import (
	"os"
	"path/filepath"

	"keyfob/auth"
)

// DefaultSettings returns where keyfob.toml belongs on this system, such as
// ~/.config/keyfob/keyfob.toml. It does not look whether the file is there.
func DefaultSettings() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", none("for settings", "set HOME, or name the settings file with --config", err)
	}
	return filepath.Join(dir, "keyfob", "keyfob.toml"), nil
}

// none says that this user has no folder for something.
func none(what, do string, err error) *auth.Error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeSettings, Who: auth.WhoYou, Err: err,
		What: "this user has no folder " + what + " (" + err.Error() + ")", Do: do,
	}
}
