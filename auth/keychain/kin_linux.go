package keychain

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

var errStranger = errors.New("it was not started by keyfob")

// kin reports, as an error, that whoever started this process is not the same
// program, or not the one at the other end of c. So the helper gives nothing to
// a script. It is no defence against a program that takes pains: every program
// of the user can trace one that it starts, and ask the keychain itself.
//
// A parent that keeps its memory to itself (PR_SET_DUMPABLE) hides its program
// as well, from all but root. Keyfob's own processes are such, so that one that
// is hidden passes.
func kin(c *net.UnixConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	parent := os.Getppid()
	var peer *unix.Ucred
	var perr error
	if err := raw.Control(func(fd uintptr) { peer, perr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); err != nil {
		return err
	}
	if perr != nil || int(peer.Pid) != parent || int(peer.Uid) != os.Getuid() {
		return errStranger
	}
	own, err := os.Stat("/proc/self/exe")
	if err != nil {
		return err
	}
	its, err := os.Stat("/proc/" + strconv.Itoa(parent) + "/exe")
	if err != nil && !errors.Is(err, fs.ErrPermission) || err == nil && !os.SameFile(own, its) || os.Getppid() != parent {
		return errStranger
	}
	return nil
}
