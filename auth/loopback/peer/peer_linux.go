package peer

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// established is TCP_ESTABLISHED of the kernel's tcp_states.h.
const established = 1

// row is what the kernel says of one end of a connection.
type row struct {
	state byte
	uid   uint32
	inode uint64
}

// whose finds the peer's end, whose own address is remote and whose other end
// is local. The kernel is asked for that one connection; where it takes no such
// question (a sandbox), its tables are read.
func whose(c net.Conn, local, remote netip.AddrPort) Who {
	r, found, err := query(remote, local)
	if err == nil && !found {
		if !open(c) {
			return Stranger // it was there, and has gone
		}
		if _, seen, err := query(local, remote); err == nil && seen {
			return oneSided()
		}
		err = errUnseen
	}
	if err == nil {
		return judge(r, os.Getuid())
	}
	return search(c, procNet, local, remote)
}

// search looks for the peer's end in the kernel's tables below dir.
func search(c net.Conn, dir string, local, remote netip.AddrPort) Who {
	r, found, err := read(dir, remote, local)
	switch {
	case errors.Is(err, errTooLong):
		return Stranger
	case err != nil:
		return Unknown
	case found:
		return judge(r, os.Getuid())
	case !open(c):
		return Stranger
	}
	if _, seen, err := read(dir, local, remote); err == nil && seen {
		return oneSided()
	}
	return Unknown
}

// oneSided judges a connection of which only our own end is there. Both ends of
// one on loopback are in the same network namespace, so that somebody has given
// the other up without a word: whoever sends more than is read, and sets
// TCP_USER_TIMEOUT, can. Only Windows, where it shares its network with this
// system, has ends that are never seen here.
func oneSided() Who {
	if onWSL() {
		return Unknown
	}
	return Stranger
}

// onWSL reports whether this is Windows' subsystem for Linux.
func onWSL() bool {
	var name unix.Utsname
	return unix.Uname(&name) == nil && strings.Contains(strings.ToLower(unix.ByteSliceToString(name.Release[:])), "microsoft")
}

// judge takes an end for ours only while a process holds it: one that was
// closed shows the user 0 and the inode 0.
func judge(r row, me int) Who {
	if r.state != established || r.inode == 0 || r.uid != 0 && int(r.uid) != me {
		return Stranger
	}
	return Ours
}

// open reports whether neither end of c has closed it.
func open(c net.Conn) bool {
	raw, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	conn, err := raw.SyscallConn()
	if err != nil {
		return false
	}
	is := false
	err = conn.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		is = err == nil && info.State == established
	})
	return is && err == nil
}
