package ownfolder

import "os"

// Make makes dir, which lies inside the user's own profile.
func Make(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return cannotMake(err)
	}
	return nil
}

// Check says by errors.Is(err, fs.ErrNotExist) that dir is missing.
func Check(dir string) error {
	_, err := os.Lstat(dir)
	return err
}
