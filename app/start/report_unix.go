//go:build unix

package start

import (
	"os"
	"syscall"
)

// starterFD is the pipe to the command that started this process.
const starterFD = 3

// starter is the pipe to whoever started this engine, or nil. In an engine that was
// started by hand another file may have that number, which is no end of a pipe to
// write to.
func starter() *os.File {
	var st syscall.Stat_t
	if syscall.Fstat(starterFD, &st) != nil || st.Mode&syscall.S_IFMT != syscall.S_IFIFO {
		return nil
	}
	if flags, err := fcntl(starterFD, syscall.F_GETFL, 0); err != nil || flags&syscall.O_ACCMODE != syscall.O_WRONLY {
		return nil
	}
	syscall.CloseOnExec(starterFD)
	return os.NewFile(starterFD, "starter")
}
