package authtest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Raw answers every connection on loopback with the same bytes, once a request
// has come, and hangs up. It returns its address, host and port.
func Raw(t testing.TB, answer string) (address string) {
	t.Helper()
	return Each(t, func(conn net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			_, _ = io.WriteString(conn, answer)
		}
	})
}

// Proxy is a proxy on loopback that connects to address to whatever it is asked
// for. It returns its own address, host and port.
func Proxy(t testing.TB, to string) (address string) {
	t.Helper()
	return Each(t, func(conn net.Conn) {
		in := bufio.NewReader(conn)
		if _, err := http.ReadRequest(in); err != nil {
			return
		}
		early, _ := in.Peek(in.Buffered())
		_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
		Join(t.Context(), conn, early, to)
	})
}

// Join sends what conn says, which began with first, to the address, and what
// comes back to conn, until either hangs up.
func Join(ctx context.Context, conn net.Conn, first []byte, to string) {
	var d net.Dialer
	out, err := d.DialContext(ctx, "tcp", to)
	if err != nil {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(out, io.MultiReader(bytes.NewReader(first), conn)); _ = out.Close() })
	both.Go(func() { _, _ = io.Copy(conn, out); _ = conn.Close() })
	both.Wait()
}

// Each serves each connection on loopback with serve, until the test ends. It
// returns its address, host and port.
func Each(t testing.TB, serve func(net.Conn)) (address string) {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		open = map[net.Conn]bool{}
		over bool
	)
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			if over {
				mu.Unlock()
				_ = conn.Close()
				continue
			}
			open[conn] = true
			mu.Unlock()
			wg.Go(func() {
				serve(conn)
				_ = conn.Close()
				mu.Lock()
				delete(open, conn)
				mu.Unlock()
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		over = true
		for conn := range open {
			_ = conn.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr().String()
}
