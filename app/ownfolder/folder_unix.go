//go:build unix

package ownfolder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"keyfob/auth"
)

// Make makes dir for this user alone, or checks that it is. The error is an
// [*auth.Error].
func Make(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return cannotMake(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return cannotMake(err)
	}
	info, err := check(dir)
	if err != nil {
		return err
	}
	if info.Mode().Perm() != 0o700 { // readable at most, so nothing strange can be in it
		if err := os.Chmod(dir, 0o700); err != nil {
			return cannotMake(err)
		}
	}
	return nil
}

// Check refuses a folder that another user made, moved here or can write to, by
// an [*auth.Error]. A missing one is told by errors.Is(err, fs.ErrNotExist).
func Check(dir string) error {
	_, err := check(dir)
	return err
}

func check(dir string) (fs.FileInfo, error) {
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil: // the folder above it is closed to this user, say
		return nil, cannotMake(err)
	}
	refuse := func(why string) (fs.FileInfo, error) {
		return nil, &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeAgentFolder,
			What: "keyfob's folder " + dir + " " + why,
			Do:   "remove it, or set XDG_RUNTIME_DIR to a folder of your own",
			Who:  auth.WhoYou,
		}
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return refuse("is a link")
	case !info.IsDir():
		return refuse("is not a folder")
	case !ok || int(st.Uid) != os.Getuid():
		return refuse("belongs to another user")
	case info.Mode().Perm()&0o022 != 0:
		return refuse("can be written by other users")
	}
	return info, nil
}
