//go:build unix

package process

import (
	"os"
	"syscall"
)

// othersHome reports whether home is another user's folder. That root owns the
// home of a service account is usual.
func othersHome(home string) bool {
	info, err := os.Stat(home)
	if err != nil || home == "" {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) != os.Geteuid() && st.Uid != 0
}
