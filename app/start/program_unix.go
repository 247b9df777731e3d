//go:build unix

package start

import (
	"io/fs"
	"os"
	"syscall"
)

// checkOwner refuses a program that somebody could have changed who has no power
// over this process: it belongs to root, to this user or to the owner of this
// program, and nobody else may write to it.
func checkOwner(path string, info fs.FileInfo, self string) error {
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok || st.Uid != 0 && int(st.Uid) != os.Getuid() && !sameOwner(st.Uid, self):
		return badProgram(path, "belongs to another user")
	case info.Mode().Perm()&0o002 != 0,
		info.Mode().Perm()&0o020 != 0 && st.Gid != st.Uid: // a group of the number of its user is that user's own
		return badProgram(path, "can be written by other users")
	case info.Mode().Perm()&0o111 == 0:
		return badProgram(path, "is not executable")
	}
	return nil
}

// sameOwner reports whether the file at self belongs to the user of the number.
func sameOwner(uid uint32, self string) bool {
	info, err := os.Stat(self)
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && st.Uid == uid
}
