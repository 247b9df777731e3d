package peer

import (
	"encoding/binary"
	"net/netip"
)

// What Windows says of connections is read here and not beside its calls, so
// that it is tested on every system.

// mibEstablished is MIB_TCP_STATE_ESTAB of tcpmib.h.
const mibEstablished = 5

// owner gives, from a MIB_TCPTABLE_OWNER_PID, or for IPv6 (wide) from a
// MIB_TCP6TABLE_OWNER_PID, the process that holds the end of a connection which
// has the address own and leads to other: 0 where that end was closed.
func owner(table []byte, wide bool, own, other netip.AddrPort) (pid uint32, found bool) {
	size := 24
	if wide {
		size = 56
	}
	if len(table) < 4 {
		return 0, false
	}
	count, rows := binary.LittleEndian.Uint32(table), table[4:]
	for ; count > 0 && len(rows) >= size; count, rows = count-1, rows[size:] {
		row := decode(rows[:size])
		if row.from != own || row.to != other {
			continue
		}
		if row.state != mibEstablished {
			return 0, true
		}
		return row.pid, true
	}
	return 0, false
}

// connection is a row of such a table.
type connection struct {
	state    uint32
	from, to netip.AddrPort
	pid      uint32
}

// decode reads a MIB_TCPROW_OWNER_PID or MIB_TCP6ROW_OWNER_PID. Ports stand in
// the lower half of a word, in the network's order.
func decode(r []byte) connection {
	word := func(at int) uint32 { return binary.LittleEndian.Uint32(r[at:]) }
	end := func(addr []byte, port int) netip.AddrPort {
		a, _ := netip.AddrFromSlice(addr)
		return netip.AddrPortFrom(a.Unmap(), binary.BigEndian.Uint16(r[port:]))
	}
	if len(r) == 24 {
		return connection{state: word(0), from: end(r[4:8], 8), to: end(r[12:16], 16), pid: word(20)}
	}
	return connection{state: word(48), from: end(r[0:16], 20), to: end(r[24:40], 44), pid: word(52)}
}
