package peer

import (
	"net"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Numbers of iphlpapi.h and tcpmib.h.
const (
	tableOfPIDs  = 4 // TCP_TABLE_OWNER_PID_CONNECTIONS
	rounds       = 4 // the table may grow between asking for its size and for itself
	longestTable = 64 << 20
)

var getExtendedTCPTable = windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetExtendedTcpTable")

// whose finds the process at the peer's end, whose own address is remote and
// whose other end is local, and compares its user with ours.
func whose(_ net.Conn, local, remote netip.AddrPort) Who {
	family, wide := uint32(windows.AF_INET), remote.Addr().Is6()
	if wide {
		family = windows.AF_INET6
	}
	rows, ok := table(family)
	if !ok {
		return Unknown
	}
	if pid, found := owner(rows, wide, remote, local); found {
		return userOf(pid)
	}
	if pid, found := owner(rows, wide, local, remote); found && pid != 0 {
		return Unknown // our own end is open, and the other one is nowhere to be seen
	}
	return Stranger
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
		code, _, _ := getExtendedTCPTable.Call(
			uintptr(unsafe.Pointer(&b[0])),
			uintptr(unsafe.Pointer(&size)),
			unsorted,
			uintptr(family),
			tableOfPIDs,
			0,
		)
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

// userOf compares the user of a process with ours. A process that cannot be
// opened is another user's.
func userOf(pid uint32) Who {
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
