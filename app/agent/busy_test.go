//go:build unix

package agent_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"keyfob/app/agent"
)

// TestWhoIsTurnedAwayAsksAgain plays an engine that has too many callers, for
// the first few times.
func TestWhoIsTurnedAwayAsksAgain(t *testing.T) {
	dir, err := os.MkdirTemp("", "kf") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ln, err := net.Listen("unix", filepath.Join(dir, "agent.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	tries := make(chan int, 1)
	go func() {
		for n := 1; ; n++ {
			conn, err := ln.Accept()
			if err != nil {
				t.Error(err)
				return
			}
			if n < 4 { // the client may not even have asked
				_, _ = io.WriteString(conn, `{"v":2,"error":{"kind":"transient","code":"agent_busy","what":"busy"}}`+"\n")
				_ = conn.Close()
				continue
			}
			_, _ = conn.Read(make([]byte, 1<<10))
			_, _ = io.WriteString(conn, `{"v":2,"ok":true}`+"\n")
			_ = conn.Close()
			tries <- n
			return
		}
	}()
	c, err := agent.Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.Later(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if n := <-tries; n != 4 {
		t.Errorf("it asked %d times", n)
	}
}
