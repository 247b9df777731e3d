package peer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	// procNet holds the tables of this process's network namespace.
	procNet = "/proc/self/net"
	// longest bounds what is read of one table: about 100,000 connections.
	longest = 16 << 20
)

var errTooLong = errors.New("the table of connections is too long to be searched")

// read finds the end of a connection that has the address own and leads to
// other in the tables tcp and tcp6 below dir. An error says that there is none
// to be read.
func read(dir string, own, other netip.AddrPort) (r row, found bool, err error) {
	var tables []string
	if own.Addr().Is4() {
		tables = append(tables, "tcp")
	}
	tables = append(tables, "tcp6") // a socket for both families is in this one, also for IPv4
	read := false
	for _, name := range tables {
		r, found, err = readTable(filepath.Join(dir, name), hexAddr(own, name == "tcp6"), hexAddr(other, name == "tcp6"))
		if found || err != nil && !os.IsNotExist(err) {
			return r, found, err
		}
		read = read || err == nil
	}
	if read {
		err = nil // a machine without IPv6 has one table
	}
	return row{}, false, err
}

func readTable(path, own, other string) (r row, found bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return row{}, false, err
	}
	defer f.Close()
	in := io.LimitedReader{R: f, N: longest}
	lines := bufio.NewScanner(&in)
	for lines.Scan() {
		const local, remote, state, uid, inode = 1, 2, 3, 7, 9
		// A line is looked at closely when it is the one.
		if !strings.Contains(lines.Text(), own) {
			continue
		}
		f := strings.Fields(lines.Text())
		if len(f) <= inode || f[local] != own || f[remote] != other {
			continue
		}
		s, err1 := strconv.ParseUint(f[state], 16, 8)
		u, err2 := strconv.ParseUint(f[uid], 10, 32)
		i, err3 := strconv.ParseUint(f[inode], 10, 64)
		if err := errors.Join(err1, err2, err3); err != nil {
			return row{}, true, nil // found, and nobody's
		}
		return row{state: byte(s), uid: uint32(u), inode: i}, true, nil
	}
	if err := lines.Err(); err != nil {
		return row{}, false, err
	}
	if in.N <= 0 {
		return row{}, false, errTooLong
	}
	return row{}, false, nil
}

// hexAddr is an address as the tables write it: words in this machine's order.
func hexAddr(a netip.AddrPort, wide bool) string {
	b := a.Addr().AsSlice()
	if wide {
		as16 := a.Addr().As16()
		b = as16[:]
	}
	var s strings.Builder
	for ; len(b) > 0; b = b[4:] {
		fmt.Fprintf(&s, "%08X", binary.NativeEndian.Uint32(b))
	}
	return fmt.Sprintf("%s:%04X", s.String(), a.Port())
}
