//go:build linux || freebsd || openbsd || netbsd

package xdial

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/jezek/xgb"
)

// cookie is the one kind of authority that servers in use ask for.
const cookie = "MIT-MAGIC-COOKIE-1"

// greeter sends a greeting of its own in place of the first one: xgb looks for
// the display's cookie only where it has dialled by itself.
type greeter struct {
	net.Conn
	once  sync.Once
	hello []byte
}

func (g *greeter) Write(p []byte) (n int, err error) {
	first := false
	g.once.Do(func() {
		first = true
		if _, err = g.Conn.Write(g.hello); err == nil {
			n = len(p)
		}
	})
	if first {
		return n, err
	}
	return g.Conn.Write(p)
}

// hello is the first request of a connection (X Window System Protocol,
// chapter 8), with the display's cookie where getenv leads to one.
func (a address) hello(getenv func(string) string) []byte {
	name, data := "", ""
	if key := a.cookie(getenv); key != "" {
		name, data = cookie, key
	}
	b := make([]byte, 12+xgb.Pad(len(name))+xgb.Pad(len(data)))
	b[0] = 'l' // least significant byte first
	xgb.Put16(b[2:], 11)
	xgb.Put16(b[6:], uint16(len(name)))
	xgb.Put16(b[8:], uint16(len(data)))
	copy(b[12:], name)
	copy(b[12+xgb.Pad(len(name)):], data)
	return b
}

// cookie looks the display up in the person's authority file.
func (a address) cookie(getenv func(string) string) string {
	file := getenv("XAUTHORITY")
	if file == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		file = filepath.Join(home, ".Xauthority")
	}
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	host := a.host
	if host == "" || host == "localhost" {
		host, _ = os.Hostname()
	}
	return lookUp(io.LimitReader(f, 1<<20), host, strconv.Itoa(a.number))
}

// lookUp finds a display's cookie in an authority file (Xauth.h): records of a
// family and four strings, each with its length before it.
func lookUp(r io.Reader, host, number string) string {
	const local, wild = 256, 65535
	for {
		var family uint16
		if binary.Read(r, binary.BigEndian, &family) != nil {
			return ""
		}
		var field [4]string // address, number, name, data
		for i := range field {
			var n uint16
			if binary.Read(r, binary.BigEndian, &n) != nil {
				return ""
			}
			b := make([]byte, n)
			if _, err := io.ReadFull(r, b); err != nil {
				return ""
			}
			field[i] = string(b)
		}
		at := family == wild || family == local && field[0] == host
		if at && (field[1] == "" || field[1] == number) && field[2] == cookie && len(field[3]) == 16 {
			return field[3]
		}
	}
}
