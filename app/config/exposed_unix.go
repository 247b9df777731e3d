//go:build unix

package config

import (
	"fmt"
	"os"
	"syscall"

	"keyfob/auth"
)

// exposed says that others than this user and root can change the settings at
// path, and so decide where this user's sign-ins go; nil where they cannot. A
// group may: on many systems each user has one of their own, and files are made
// for it.
func exposed(path string) *auth.Error {
	info, err := os.Stat(path)
	if err != nil {
		return nil // which is told elsewhere
	}
	say := func(what, do string) *auth.Error {
		return &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeSettings, Who: auth.WhoYou,
			What: path + " " + what + ", who could send your sign-ins elsewhere", Do: do,
		}
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	switch mode := info.Mode().Perm(); {
	case ok && st.Uid != 0 && int(st.Uid) != os.Geteuid():
		return say("belongs to another user", "use settings of your own")
	case mode&0o002 != 0:
		return say(fmt.Sprintf("can be changed by every user of this machine (its mode is %04o)", mode), "run `chmod o-w` on it")
	}
	return nil
}
