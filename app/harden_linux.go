package app

import (
	"golang.org/x/sys/unix"

	"keyfob/app/cli"
)

// harden keeps tokens in memory out of core files, and the memory of a process
// that has them all day out of the reach of the user's other programs
// (prctl(2), PR_SET_DUMPABLE). What the system refuses is no reason to stop.
//
// The limit is the soft one: programs that this one starts may raise it again.
//
// Processes that talk to the keychain themselves, and end soon, stay readable:
// KeePassXC shows a person which program wants a secret, and finds it by
// /proc/PID/exe.
func harden(verb string) {
	var core unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_CORE, &core) == nil && core.Cur > 0 {
		core.Cur = 0
		_ = unix.Setrlimit(unix.RLIMIT_CORE, &core)
	}
	switch verb {
	case cli.Tray, cli.Agent, cli.Demo:
		_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	}
}
