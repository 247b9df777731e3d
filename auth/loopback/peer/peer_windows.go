package peer

import (
	"encoding/binary"
	"net"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Numbers of iphlpapi.h and tcpmib.h.
const (
	tableOfPIDs  = 4 // TCP_TABLE_OWNER_PID_CONNECTIONS
	established  = 5 // MIB_TCP_STATE_ESTAB
	rounds       = 4 // the table may grow between asking for its size and for itself
	longestTable = 64 << 20
)

var getExtendedTCPTable = windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetExtendedTcpTable")

// look finds the process at the peer's end, whose own address is remote and
// whose other end is local, and compares its user with ours.
func look(_ net.Conn, local, remote netip.AddrPort) Who {
	family := uint32(windows.AF_INET)
	if remote.Addr().Is6() {
		family = windows.AF_INET6
	}
	rows, ok := table(family)
	if !ok {
		return Unknown
	}
	if pid, found := owner(rows, family, remote, local); found {
		return whose(pid)
	}
	if pid, found := owner(rows, family, local, remote); found && pid != 0 {
		return Unknown // our own end is open, and the other one is nowhere to be seen
	}
	return Stranger
}

// owner gives the process that holds the end of a connection which has the
// address own and leads to other: 0 where that end was closed.
func owner(rows []byte, family uint32, own, other netip.AddrPort) (pid uint32, found bool) {
	size := 24
	if family == windows.AF_INET6 {
		size = 56
	}
	if len(rows) < 4 {
		return 0, false
	}
	count, rows := binary.LittleEndian.Uint32(rows), rows[4:]
	for ; count > 0 && len(rows) >= size; count, rows = count-1, rows[size:] {
		state, from, to, pid := decode(rows[:size])
		if from != own || to != other {
			continue
		}
		if state != established {
			pid = 0
		}
		return pid, true
	}
	return 0, false
}

// decode reads a MIB_TCPROW_OWNER_PID or MIB_TCP6ROW_OWNER_PID. Ports stand in
// the lower half of a word, in the network's order.
func decode(r []byte) (state uint32, from, to netip.AddrPort, pid uint32) {
	word := func(at int) uint32 { return binary.LittleEndian.Uint32(r[at:]) }
	end := func(addr []byte, port int) netip.AddrPort {
		a, _ := netip.AddrFromSlice(addr)
		return netip.AddrPortFrom(a.Unmap(), binary.BigEndian.Uint16(r[port:]))
	}
	if len(r) == 24 {
		return word(0), end(r[4:8], 8), end(r[12:16], 16), word(20)
	}
	return word(48), end(r[0:16], 20), end(r[24:40], 44), word(52)
}

// table asks for all connections of one family with their processes.
func table(family uint32) ([]byte, bool) {
	if getExtendedTCPTable.Find() != nil {
		return nil, false
	}
	size := uint32(64 << 10)
	for range rounds {
		b := make([]byte, size)
		const unsorted = 0
		code, _, _ := getExtendedTCPTable.Call(uintptr(unsafe.Pointer(&b[0])), uintptr(unsafe.Pointer(&size)), unsorted, uintptr(family), tableOfPIDs, 0)
		switch windows.Errno(code) {
		case windows.ERROR_SUCCESS:
			return b, true
		case windows.ERROR_INSUFFICIENT_BUFFER:
			if size += size / 4; size > longestTable {
				return nil, false
			}
		default:
			return nil, false
		}
	}
	return nil, false
}

// whose compares the user of a process with ours. A process that cannot be
// opened is another user's.
func whose(pid uint32) Who {
	if pid == 0 {
		return Stranger
	}
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return Stranger
	}
	defer func() { _ = windows.CloseHandle(h) }()
	const still = 259 // STILL_ACTIVE
	var code uint32
	if err := windows.GetExitCodeProcess(h, &code); err != nil || code != still {
		return Stranger
	}
	var theirs windows.Token
	if err := windows.OpenProcessToken(h, windows.TOKEN_QUERY, &theirs); err != nil {
		return Stranger
	}
	defer func() { _ = theirs.Close() }()
	them, err := theirs.GetTokenUser()
	if err != nil {
		return Stranger
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return Stranger
	}
	sid := them.User.Sid
	if sid.Equals(me.User.Sid) || sid.IsWellKnown(windows.WinLocalSystemSid) || sid.IsWellKnown(windows.WinBuiltinAdministratorsSid) {
		return Ours
	}
	return Stranger
}
