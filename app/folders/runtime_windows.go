package folders

import (
	"os"
	"path/filepath"
)

// RuntimeDir returns the folder of the engine's lock, one for each user. It
// creates nothing.
func RuntimeDir() (string, error) {
	dir, err := os.UserCacheDir() // local to this machine, unlike the settings
	if err != nil {
		return "", none("that is local to this machine", "set LocalAppData", err)
	}
	return filepath.Join(dir, "keyfob", "run"), nil
}

// EarlierRuntimeDirs returns nothing: the folder has always been the same here.
func EarlierRuntimeDirs() []string { return nil }
