package folders

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"keyfob/auth"
)

// Settings returns where keyfob.toml belongs on this system, such as
// ~/.config/keyfob/keyfob.toml. It does not look whether the file is there.
func Settings() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeSettings,
			What: "this user has no folder for settings (" + err.Error() + ")",
			Do:   "set HOME, or name the settings file with --config",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return filepath.Join(dir, "keyfob", "keyfob.toml"), nil
}

// Runtime returns the folder of the engine's socket and lock, one for each
// user. It creates nothing: whoever uses the folder makes it and checks whose
// it is.
//
// Every program of one user must come to the same answer, since a second
// folder means a second engine that refreshes the same sessions. So a session
// folder that is merely not named, as under cron, is found all the same, and
// one that belongs to another user, as after su, is passed over.
func Runtime() (string, error) {
	if runtime.GOOS == "windows" {
		dir, err := os.UserCacheDir() // local to this machine, unlike the settings
		if err != nil {
			return "", &auth.Error{
				Kind: auth.KindSetup,
				Code: auth.CodeSettings,
				What: "this user has no local folder (" + err.Error() + ")",
				Do:   "set LocalAppData",
				Who:  auth.WhoYou,
				Err:  err,
			}
		}
		return filepath.Join(dir, "keyfob", "run"), nil
	}
	uid := strconv.Itoa(os.Getuid())
	candidates := []string{os.Getenv("XDG_RUNTIME_DIR")}
	if runtime.GOOS == "linux" {
		candidates = append(candidates, "/run/user/"+uid)
	}
	for _, dir := range candidates {
		if filepath.IsAbs(dir) && ownFolder(dir) {
			return filepath.Join(dir, "keyfob"), nil
		}
	}
	return filepath.Join(os.TempDir(), "keyfob-"+uid), nil
}
