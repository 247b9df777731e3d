package peer

import (
	"net/netip"
	"testing"
)

// TestWindowsTable reads tables of connections as Windows writes them.
func TestWindowsTable(t *testing.T) {
	at := netip.MustParseAddrPort
	narrow := []byte{
		3, 0, 0, 0,
		// 127.0.0.1:4000 to 127.0.0.1:50000, established, process 1234
		5, 0, 0, 0, 127, 0, 0, 1, 0x0f, 0xa0, 0, 0, 127, 0, 0, 1, 0xc3, 0x50, 0, 0, 0xd2, 4, 0, 0,
		// the other end, process 77
		5, 0, 0, 0, 127, 0, 0, 1, 0xc3, 0x50, 0, 0, 127, 0, 0, 1, 0x0f, 0xa0, 0, 0, 77, 0, 0, 0,
		// 127.0.0.1:50001 to 127.0.0.1:4000, waiting for its end, process 78
		8, 0, 0, 0, 127, 0, 0, 1, 0xc3, 0x51, 0, 0, 127, 0, 0, 1, 0x0f, 0xa0, 0, 0, 78, 0, 0, 0,
	}
	wide := append([]byte{1, 0, 0, 0}, make([]byte, 56)...)
	wide[4+15], wide[4+24+15] = 1, 1 // [::1] both
	copy(wide[4+20:], []byte{0xc3, 0x50})
	copy(wide[4+44:], []byte{0x0f, 0xa0})
	wide[4+48], wide[4+52] = 5, 99
	for _, tt := range []struct {
		name       string
		table      []byte
		wide       bool
		own, other string
		pid        uint32
		found      bool
	}{
		{"the peer", narrow, false, "127.0.0.1:50000", "127.0.0.1:4000", 77, true},
		{"our own end", narrow, false, "127.0.0.1:4000", "127.0.0.1:50000", 1234, true},
		{"one that was closed", narrow, false, "127.0.0.1:50001", "127.0.0.1:4000", 0, true},
		{"another", narrow, false, "127.0.0.1:50002", "127.0.0.1:4000", 0, false},
		{"over IPv6", wide, true, "[::1]:50000", "[::1]:4000", 99, true},
		{"another over IPv6", wide, true, "[::1]:4000", "[::1]:50000", 0, false},
		{"none", nil, false, "127.0.0.1:50000", "127.0.0.1:4000", 0, false},
		{"cut off", narrow[:40], false, "127.0.0.1:50000", "127.0.0.1:4000", 0, false},
	} {
		if pid, found := owner(tt.table, tt.wide, at(tt.own), at(tt.other)); pid != tt.pid || found != tt.found {
			t.Errorf("%s: %d, %v", tt.name, pid, found)
		}
	}
}
