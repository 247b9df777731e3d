//go:build unix

package handover

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// executable reports whether this user may read and start the file.
func executable(path string) bool { return unix.Access(path, unix.R_OK|unix.X_OK) == nil }

// onlyOurs reports whether nobody but this user and root can write to a file or
// a folder. A group of the user's own, as many systems make one, is the user.
func onlyOurs(info os.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Uid != 0 && int(st.Uid) != os.Getuid() {
		return false
	}
	perm := info.Mode().Perm()
	ownGroup := int(st.Gid) == os.Getgid() && os.Getgid() == os.Getuid()
	if info.Mode()&fs.ModeSticky != 0 && info.IsDir() {
		return true // nobody removes what another one put there
	}
	return perm&0o002 == 0 && (perm&0o020 == 0 || ownGroup || st.Gid == 0)
}
