package peer

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// vanish makes this end of c go without a word to the other one: what it sends
// is more than is taken, and the kernel gives it up soon.
func vanish(c net.Conn) error {
	raw, err := c.(*net.TCPConn).SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = raw.Control(func(fd uintptr) { set = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 1) })
	if err := errors.Join(err, set, c.SetWriteDeadline(time.Now().Add(100*time.Millisecond))); err != nil {
		return err
	}
	for err == nil {
		_, err = c.Write(make([]byte, 1<<20))
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, unix.ETIMEDOUT) {
		return err
	}
	return c.Close()
}

// TestWhoVanishes has a peer whose end is gone although ours is open.
func TestWhoVanishes(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := accepted(t, l, l.Addr().String(), "vanishes", false)
	local, remote := endpoint(c.LocalAddr()), endpoint(c.RemoteAddr())
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		_, found, err := query(remote, local)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the peer's end does not go")
		}
	}
	if !open(c) {
		t.Fatal("our own end is not open any more")
	}
	if got := Of(c); got != Stranger {
		t.Errorf("the kernel says %v, want %v", got, Stranger)
	}
	if got := search(c, procNet, local, remote); got != Stranger {
		t.Errorf("the tables say %v, want %v", got, Stranger)
	}
}
