//go:build unix

package start

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
)

// firstOther is the lowest descriptor that is none of the three standard ones.
const firstOther = 3

// closeOnExec keeps children from inheriting any descriptor but those that they are
// given, until restore is called: locks, pipes and sockets that this process was
// started with would otherwise stay open for as long as the engine runs.
func closeOnExec() (restore func(), err error) {
	inherited, err := inheritable()
	if err != nil {
		return nil, err
	}
	for _, fd := range inherited {
		syscall.CloseOnExec(fd)
	}
	return func() {
		for _, fd := range inherited {
			_, _ = fcntl(fd, syscall.F_SETFD, 0)
		}
	}, nil
}

// inheritable lists the open descriptors that a child would inherit. On Linux it needs
// /proc, without which a program does not find its own file either.
func inheritable() ([]int, error) {
	list := "/dev/fd"
	if runtime.GOOS == "linux" {
		list = "/proc/self/fd" // which small containers have without the link to it
	}
	names, err := os.ReadDir(list)
	if err != nil {
		return nil, err
	}
	var all []int
	for _, n := range names {
		fd, err := strconv.Atoi(n.Name())
		if err != nil || fd < firstOther {
			continue
		}
		if flags, err := fcntl(fd, syscall.F_GETFD, 0); err == nil && flags&syscall.FD_CLOEXEC == 0 {
			all = append(all, fd)
		}
	}
	return all, nil
}
