//go:build unix

package start

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// firstOther is the lowest descriptor that no program expects to inherit.
const firstOther = 3

// closeOnExec keeps children from inheriting any descriptor but those that they are
// given, until restore is called: locks, pipes and sockets that this process was
// started with would otherwise stay open for as long as the engine runs.
func closeOnExec() (restore func()) {
	inherited, complete := inheritable()
	for _, fd := range inherited {
		unix.CloseOnExec(fd)
	}
	if !complete {
		closeAllOnExec()
	}
	return func() {
		for _, fd := range inherited {
			_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0)
		}
	}
}

// inheritable lists the open descriptors that a child would inherit. It is not
// complete where the system does not list them.
func inheritable() (all []int, complete bool) {
	names, err := os.ReadDir(descriptors)
	if err != nil {
		return nil, false
	}
	for _, n := range names {
		fd, err := strconv.Atoi(n.Name())
		if err != nil || fd < firstOther {
			continue
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			all = append(all, fd)
		}
	}
	return all, true
}

// closeEachOnExec does so with every number that a descriptor can have.
func closeEachOnExec() {
	const most = 1 << 20 // there are systems without a limit
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil || uint64(limit.Cur) > most {
		limit.Cur = most
	}
	for fd := firstOther; fd < int(limit.Cur); fd++ {
		unix.CloseOnExec(fd)
	}
}
