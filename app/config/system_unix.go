//go:build unix

package config

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
)

// DefaultSystem is where an administrator's tools are on this system.
func DefaultSystem() System {
	if runtime.GOOS == "darwin" {
		return System{Dir: "/Library/Application Support/keyfob/keyfob.d"}
	}
	return System{Dir: "/etc/keyfob/keyfob.d"}
}

// distrust says why what f is may be changed by others than its owner, and what
// to do about it; nothing where it may not.
func distrust(f *os.File, owner int) (what, do string) {
	info, err := f.Stat()
	if err != nil {
		return "cannot be read (" + plainError(err) + ")", "make it readable for everybody"
	}
	who := "root"
	if owner != 0 {
		who = fmt.Sprintf("user %d", owner)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(st.Uid) != owner {
		return "belongs to another user than " + who, "run `chown root` on it"
	}
	if info.Mode().Perm()&0o022 != 0 {
		return fmt.Sprintf("can be changed by others than %s (its mode is %04o)", who, info.Mode().Perm()), "run `chmod go-w` on it"
	}
	return "", ""
}
