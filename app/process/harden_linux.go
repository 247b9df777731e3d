package process

import (
	"os"
	"syscall"
)

// Harden keeps tokens in memory out of core files, and the memory of a process
// that has tokens out of the reach of the user's other programs. What the
// system refuses is no reason to stop.
//
// One that is traceable has no tokens, or sees to itself: the keychain's helper
// becomes unreadable a little later, since KeePassXC shows a person which program
// wants a secret, and finds it by /proc/PID/exe.
func Harden(traceable bool) {
	var core syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_CORE, &core) == nil && core.Cur > 0 {
		core.Cur = 0 // the soft limit: programs that this one starts may raise it again
		_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &core)
	}
	if !traceable {
		HideMemory()
	}
}

// HideMemory keeps this process's memory to itself (prctl(2), PR_SET_DUMPABLE):
// nobody but root can trace it, and the kernel writes no core of it, neither to
// a file nor to a program that collects them, for which the limit counts
// nothing.
func HideMemory() {
	_, _, _ = syscall.RawSyscall6(syscall.SYS_PRCTL, syscall.PR_SET_DUMPABLE, 0, 0, 0, 0, 0)
}

// Program is the program that runs, even if its file was replaced since.
func Program() string {
	const self = "/proc/self/exe"
	if _, err := os.Stat(self); err == nil {
		return self
	}
	return os.Args[0]
}
