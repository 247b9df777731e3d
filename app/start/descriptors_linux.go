package start

import (
	"math"

	"golang.org/x/sys/unix"
)

// descriptors is where the system lists this process's open descriptors.
const descriptors = "/proc/self/fd"

// closeAllOnExec is for where /proc is not mounted.
func closeAllOnExec() {
	if unix.CloseRange(firstOther, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) != nil { // Linux before 5.11
		closeEachOnExec()
	}
}
