package folders

import (
	"os"
	"path/filepath"
	"runtime"
)

// StateDir returns the folder for what Keyfob remembers over restarts and a
// person does not edit, and for what engines with different runtime folders share:
// $XDG_STATE_HOME/keyfob, and the folder for the data of programs elsewhere. It
// creates nothing.
func StateDir() (string, error) {
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
		return "", none("for programs' data", "set HOME", err)
	}
	return filepath.Join(dir, "keyfob"), nil
}
