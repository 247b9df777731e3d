//go:build linux

package xdial

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"keyfob/auth/authtest"
	"keyfob/tray/internal/xtest"
)

func works(t *testing.T, display string) {
	t.Helper()
	c, err := DialDisplay(t.Context(), display)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := xproto.GetInputFocus(c.Conn).Reply(); err != nil {
		t.Error(err)
	}
	if n := ":" + strconv.Itoa(c.DisplayNumber); !strings.HasPrefix(display, n) {
		t.Errorf("display %s, want %s", n, display)
	}
}

func TestDial(t *testing.T) {
	x := xtest.Start(t)
	works(t, x.Display)
	works(t, x.Display+".0")
	t.Setenv("DISPLAY", x.Display)
	c, err := Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := xproto.GetInputFocus(c.Conn).Reply(); err == nil {
		t.Error("a closed connection answers")
	}
}

// A program whose /tmp is not the server's still finds it.
func TestDialTheAbstractSocket(t *testing.T) {
	x := xtest.Start(t)
	file := folder + strings.TrimPrefix(x.Display, ":")
	if err := os.Rename(file, file+".away"); err != nil {
		authtest.NotHere(t, "the X server has no socket there: %v", err)
	}
	t.Cleanup(func() { _ = os.Rename(file+".away", file) })
	works(t, x.Display)
}

func TestAnotherUsersSocketIsNotTrusted(t *testing.T) {
	for _, c := range []struct {
		me, server int
		want       bool
	}{{1000, 1000, true}, {1000, 0, true}, {1000, 1001, false}, {0, 1001, false}} {
		if got := trusts(c.me, c.server); got != c.want {
			t.Errorf("user %d trusts a server of %d: %v", c.me, c.server, got)
		}
	}
	// Who listens is asked of the system, not of the one who listens.
	name := "@keyfob-test-" + strconv.Itoa(os.Getpid())
	l, err := net.Listen("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := net.Dial("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if !trusted(conn) {
		t.Error("my own socket is not trusted")
	}
}

// record is an entry of an authority file.
func record(family uint16, address, number, name, data string) []byte {
	b := binary.BigEndian.AppendUint16(nil, family)
	for _, f := range []string{address, number, name, data} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(f)))
		b = append(b, f...)
	}
	return b
}

func TestTheDisplaysCookieIsSent(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	right := strings.Repeat("r", 16)
	other := strings.Repeat("o", 16)
	file := filepath.Join(t.TempDir(), "authority")
	all := bytes.Join([][]byte{
		record(256, "elsewhere", "7", cookie, other), record(256, host, "8", cookie, other),
		record(256, host, "7", "XDM-AUTHORIZATION-1", other), record(256, host, "7", cookie, "short"),
		record(65535, "", "7", cookie, right), record(256, host, "7", cookie, other),
	}, nil)
	if err := os.WriteFile(file, all, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XAUTHORITY", file)
	if got := string(address{number: 7}.hello(os.Getenv)); !strings.Contains(got, right) || !strings.Contains(got, cookie) {
		t.Errorf("greeted with %q", got)
	}
	if got := string(address{number: 9}.hello(os.Getenv)); strings.Contains(got, cookie) {
		t.Errorf("another display is greeted with %q", got)
	}
	if got := lookUp(bytes.NewReader(all[:len(all)-3]), host, "9"); got != "" {
		t.Errorf("a file that ends too early gives %q", got)
	}
}

func TestDisplays(t *testing.T) {
	for text, want := range map[string]address{
		":0":                    {},
		":7.2":                  {number: 7, screen: 2},
		"unix:1":                {number: 1},
		"localhost:10.0":        {host: "localhost", number: 10},
		"tcp/far.example:3":     {protocol: "tcp", host: "far.example", number: 3},
		"/tmp/launch-x/org.x:0": {path: "/tmp/launch-x/org.x:0"},
		"2001:db8::1:6":         {host: "2001:db8::1", number: 6},
	} {
		if got, err := parse(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", ":", ":x", ":-1", ":0.", ":0.x", "host"} {
		if _, err := parse(text); err == nil {
			t.Errorf("%q is taken for a display", text)
		}
	}
}

func TestAServerThatHangsHoldsNobodyUp(t *testing.T) {
	x := xtest.Start(t)
	c, err := DialDisplay(t.Context(), x.Display)
	if err != nil {
		t.Fatal(err)
	}
	x.Stop(t)
	c.Close() // waits for no answer
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := DialDisplay(ctx, x.Display); err == nil {
		t.Error("connected to a server that hangs")
	}
}
