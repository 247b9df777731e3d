package peer

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// Sizes of the kernel's inet_diag.h.
const (
	sizeRequest = 56 // struct inet_diag_req_v2
	sizeReply   = 72 // struct inet_diag_msg
)

// patience bounds the wait for the kernel, which answers at once.
var patience = unix.Timeval{Sec: 2}

var (
	errReply = errors.New("the kernel's answer about a connection cannot be read")
	// errUnseen is for a kernel that does not find our own end either: without
	// its module for TCP it says the same as of a connection that is not there.
	errUnseen = errors.New("the kernel finds no connection at all")
)

// query asks the kernel for the end of a connection that has the address own and
// leads to other, through sock_diag(7). The cost does not depend on how many
// connections there are.
func query(own, other netip.AddrPort) (r row, found bool, err error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return row{}, false, err
	}
	defer unix.Close(fd)
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &patience); err != nil {
		return row{}, false, err
	}
	kernel := &unix.SockaddrNetlink{Family: unix.AF_NETLINK}
	if err := unix.Sendto(fd, request(own, other), 0, kernel); err != nil {
		return row{}, false, err
	}
	reply := make([]byte, 4096)
	for {
		n, from, err := unix.Recvfrom(fd, reply, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return row{}, false, err
		}
		if at, ok := from.(*unix.SockaddrNetlink); ok && at.Pid == 0 { // nobody but the kernel
			return answer(reply[:n], own, other)
		}
	}
}

// request is a netlink message for one connection.
func request(own, other netip.AddrPort) []byte {
	b := make([]byte, unix.SizeofNlMsghdr+sizeRequest)
	binary.NativeEndian.PutUint32(b[0:], uint32(len(b)))
	binary.NativeEndian.PutUint16(b[4:], unix.SOCK_DIAG_BY_FAMILY)
	binary.NativeEndian.PutUint16(b[6:], unix.NLM_F_REQUEST)
	q := b[unix.SizeofNlMsghdr:]
	q[0] = unix.AF_INET
	if own.Addr().Is6() {
		q[0] = unix.AF_INET6
	}
	q[1] = unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(q[4:], 1<<established) // the states that are asked for
	id := q[8:]
	binary.BigEndian.PutUint16(id[0:], own.Port())
	binary.BigEndian.PutUint16(id[2:], other.Port())
	copy(id[4:], own.Addr().AsSlice())
	copy(id[20:], other.Addr().AsSlice())
	for i := range id[40:48] { // INET_DIAG_NOCOOKIE: whichever it is
		id[40+i] = 0xff
	}
	return b
}

// answer reads the kernel's reply.
func answer(b []byte, own, other netip.AddrPort) (r row, found bool, err error) {
	if len(b) < unix.SizeofNlMsghdr {
		return row{}, false, errReply
	}
	kind, body := binary.NativeEndian.Uint16(b[4:]), b[unix.SizeofNlMsghdr:]
	switch {
	case kind == unix.NLMSG_ERROR && len(body) >= 4:
		switch number := syscall.Errno(-int32(binary.NativeEndian.Uint32(body))); number {
		case unix.ENOENT, unix.ESTALE:
			return row{}, false, nil
		default:
			return row{}, false, number
		}
	case kind != unix.SOCK_DIAG_BY_FAMILY || len(body) < sizeReply:
		return row{}, false, errReply
	}
	r = row{state: body[1], uid: binary.NativeEndian.Uint32(body[64:]), inode: uint64(binary.NativeEndian.Uint32(body[68:]))}
	// Without such a connection the kernel gives whoever listens at own.
	id := body[4:]
	if binary.BigEndian.Uint16(id[0:]) != own.Port() || binary.BigEndian.Uint16(id[2:]) != other.Port() {
		return row{}, false, nil
	}
	return r, true, nil
}
