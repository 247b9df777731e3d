package folders

import (
	"os"
	"path/filepath"
	"runtime"

	"keyfob/auth"
)

// State returns the folder for what Keyfob remembers over restarts and a
// person does not edit: $XDG_STATE_HOME/keyfob, and the folder for the data of
// programs elsewhere. It creates nothing.
func State() (string, error) {
	var dir string
	var err error
	switch runtime.GOOS {
	case "windows":
		dir, err = os.UserCacheDir() // local to this machine, unlike the settings
	case "darwin":
		dir, err = os.UserConfigDir()
	default:
		if dir = os.Getenv("XDG_STATE_HOME"); !filepath.IsAbs(dir) { // the base directory specification ignores others
			dir, err = os.UserHomeDir()
			dir = filepath.Join(dir, ".local", "state")
		}
	}
	if err != nil {
		return "", &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeSettings,
			What: "this user has no folder for programs' data (" + err.Error() + ")",
			Do:   "set HOME",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return filepath.Join(dir, "keyfob"), nil
}
