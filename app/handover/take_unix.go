//go:build unix

package handover

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// inherited takes the descriptors that value names, and lets no child have them.
func inherited(value string) (*Inheritance, error) {
	var memory, says, lock, socket int
	if n, err := fmt.Sscanf(value, "%d,%d,%d,%d", &memory, &says, &lock, &socket); err != nil || n != 4 {
		return nil, errors.New("four descriptors were expected")
	}
	for fd, kind := range map[int]uint32{memory: unix.S_IFIFO, says: unix.S_IFIFO, lock: unix.S_IFREG, socket: unix.S_IFSOCK} {
		var st unix.Stat_t
		if fd < 3 {
			return nil, errors.New("one of the descriptors is a standard one")
		}
		if err := unix.Fstat(fd, &st); err != nil || uint32(st.Mode)&unix.S_IFMT != kind {
			return nil, fmt.Errorf("descriptor %d is not what it should be", fd)
		}
	}
	for _, fd := range []int{memory, says, lock, socket} {
		unix.CloseOnExec(fd)
	}
	if err := unix.SetNonblock(memory, true); err != nil { // or a read could not be ended
		return nil, err
	}
	file := func(fd int, name string) *os.File { return os.NewFile(uintptr(fd), name) }
	return &Inheritance{
		Lock: file(lock, "lock"), Socket: file(socket, "socket"), says: file(says, "says"), memory: file(memory, "memory"),
	}, nil
}
