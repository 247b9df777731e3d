package peer

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/auth/authtest"
)

// Names of the environment in which this test program is another user.
const (
	envDial = "KEYFOB_TEST_PEER_DIAL" // the address to connect to
	envHow  = "KEYFOB_TEST_PEER_HOW"  // and what to do then
)

func TestMain(m *testing.M) {
	if at := os.Getenv(envDial); at != "" {
		if err := play(at, os.Getenv(envHow)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// play is a peer: it connects and sends, and stays until its input ends, or
// leaves at once.
func play(at, how string) error {
	c, err := net.Dial("tcp", at)
	if err != nil {
		return err
	}
	if _, err := c.Write([]byte("x")); err != nil {
		return err
	}
	switch how {
	case "closes":
		return c.Close()
	case "vanishes":
		return vanish(c)
	case "resets":
		return errors.Join(c.(*net.TCPConn).SetLinger(0), c.Close())
	}
	if _, err := fmt.Println("connected"); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, c.Close())
}

// accepted has a peer connect to l, as another user where that is wanted, and
// returns the connection when the peer has done what it is to do.
func accepted(t *testing.T, l net.Listener, to, how string, other bool) net.Conn {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), envDial+"="+to, envHow+"="+how)
	if other {
		authtest.AsOther(t, cmd)
	}
	cmd.Stderr = os.Stderr
	child := authtest.StartChild(t, cmd)
	if how != "" {
		if err := child.End(); err != nil {
			t.Fatal(err)
		}
	} else if line := child.Line(t); line != "connected" {
		t.Fatalf("the peer says %q", line)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// places are the ways to reach a listener on this machine.
var places = []struct{ name, network, at, to string }{
	{"IPv4", "tcp4", "127.0.0.1:0", "127.0.0.1"},
	{"IPv6", "tcp6", "[::1]:0", "[::1]"},
	{"IPv4 from a socket of IPv6", "tcp4", "127.0.0.1:0", "[::ffff:127.0.0.1]"},
	{"IPv4 at a socket of IPv6", "tcp", "[::]:0", "127.0.0.1"},
}

// TestWhoConnects asks the kernel, and its tables, whose each connection is.
func TestWhoConnects(t *testing.T) {
	for _, place := range places {
		for _, tt := range []struct {
			name, how string
			other     bool
			want      Who
		}{
			{name: "this user", want: Ours},
			{name: "this user, gone", how: "closes", want: Stranger},
			{name: "another user", other: true, want: Stranger},
			{name: "another user, gone", how: "closes", other: true, want: Stranger},
			{name: "another user, gone without a word", how: "resets", other: true, want: Stranger},
		} {
			t.Run(place.name+"/"+tt.name, func(t *testing.T) {
				l, err := net.Listen(place.network, place.at)
				if err != nil {
					authtest.NotHere(t, "this machine has no such address: %v", err)
				}
				defer l.Close()
				_, port, err := net.SplitHostPort(l.Addr().String())
				if err != nil {
					t.Fatal(err)
				}
				c := accepted(t, l, place.to+":"+port, tt.how, tt.other)
				if got := Of(c); got != tt.want {
					t.Errorf("the kernel says %v, want %v", got, tt.want)
				}
				if got := search(c, procNet, endpoint(c.LocalAddr()), endpoint(c.RemoteAddr())); got != tt.want {
					t.Errorf("the tables say %v, want %v", got, tt.want)
				}
			})
		}
	}
}

// TestJudge takes an end for ours only while a process of ours, or of root,
// holds it.
func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name string
		row  row
		want Who
	}{
		{"ours", row{established, 1000, 7}, Ours},
		{"root's", row{established, 0, 7}, Ours},
		{"another user's", row{established, 1001, 7}, Stranger},
		{"closed, as the kernel shows it", row{established, 0, 0}, Stranger},
		{"ours without an inode", row{established, 1000, 0}, Stranger},
		{"ours, closing", row{5, 1000, 7}, Stranger},
		{"root's, listening", row{10, 0, 7}, Stranger},
	} {
		if got := judge(tt.row, 1000); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestWhatCannotBeTold has no table, one without the connection, and one that
// is too long to be searched.
func TestWhatCannotBeTold(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := accepted(t, l, l.Addr().String(), "", false)
	in := func(text string) Who {
		t.Helper()
		dir := t.TempDir()
		if text != "" {
			if err := os.WriteFile(filepath.Join(dir, "tcp"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return search(c, dir, endpoint(c.LocalAddr()), endpoint(c.RemoteAddr()))
	}
	line := "   1: " + hexAddr(
		endpoint(c.RemoteAddr()),
		false,
	) + " " + hexAddr(
		endpoint(c.LocalAddr()),
		false,
	) + " %s 00000000:00000000 00:00000000 00000000 %s 0 %s 1\n"
	for _, tt := range []struct {
		name, text string
		want       Who
	}{
		{"no table", "", Unknown},
		{"an empty table", "  sl  local_address rem_address\n", Unknown},
		{"ours", fmt.Sprintf(line, "01", fmt.Sprint(os.Getuid()), "7"), Ours},
		{"another's", fmt.Sprintf(line, "01", "4294967294", "7"), Stranger},
		{"a line that cannot be read", fmt.Sprintf(line, "01", "-1", "7"), Stranger},
		{"too long", strings.Repeat(strings.Repeat(" ", 149)+"\n", longest/150+1), Stranger},
	} {
		if got := in(tt.text); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	_ = c.Close()
	if got := in("  sl  local_address rem_address\n"); got != Stranger {
		t.Errorf("a closed connection that is in no table: %v", got)
	}
}

// TestAnswers never takes a reply for more than it says.
func TestAnswers(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := accepted(t, l, l.Addr().String(), "", false)
	own, other := endpoint(c.RemoteAddr()), endpoint(c.LocalAddr())
	if r, found, err := query(own, other); err != nil || !found || r.state != established || r.inode == 0 {
		t.Errorf("the kernel says %+v, %v, %v", r, found, err)
	}
	if _, found, err := query(other, other); err != nil || found {
		t.Errorf("who listens was taken for who is connected: %v, %v", found, err)
	}
	for _, b := range [][]byte{nil, make([]byte, 15), make([]byte, 16), request(own, other)} {
		if _, found, err := answer(b, own, other); found || err == nil {
			t.Errorf("%d bytes were read as an answer", len(b))
		}
	}
}

func BenchmarkOf(b *testing.B) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	peer, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer peer.Close()
	c, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for b.Loop() {
		if Of(c) != Ours {
			b.Fatal("not ours")
		}
	}
}
