//go:build unix

package folders

import (
	"os"
	"syscall"
)

// ownFolder reports whether dir is a folder of this user.
func ownFolder(dir string) bool {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Getuid()
}
