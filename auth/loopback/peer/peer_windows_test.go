package peer

import (
	"net"
	"testing"
)

// TestOurs connects to itself and closes again.
func TestOurs(t *testing.T) {
	for _, at := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, err := net.Listen("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		client, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if got := Of(c); got != Ours {
			t.Errorf("%s: our own connection is %v", at, got)
		}
		_ = client.Close()
		if got := Of(c); got != Stranger {
			t.Errorf("%s: one that was closed is %v", at, got)
		}
	}
}
