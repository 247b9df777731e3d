//go:build unix

package start

import (
	"os"

	"golang.org/x/sys/unix"
)

// starterFD is the pipe to the command that started this process.
const starterFD = 3

// starter is the pipe to whoever started this engine, or nil. In an engine that was
// started by hand another file may have that number, which is no end of a pipe to
// write to.
func starter() *os.File {
	var st unix.Stat_t
	if unix.Fstat(starterFD, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFIFO {
		return nil
	}
	if flags, err := unix.FcntlInt(starterFD, unix.F_GETFL, 0); err != nil || flags&unix.O_ACCMODE != unix.O_WRONLY {
		return nil
	}
	unix.CloseOnExec(starterFD)
	return os.NewFile(starterFD, "starter")
}
