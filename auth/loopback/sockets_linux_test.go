package loopback_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keyfob/auth/authtest"
	"keyfob/auth/loopback"
)

// listening gives the local addresses of this process's listening TCP sockets,
// as the kernel writes them: hexadecimal address and port.
func listening(t *testing.T) (addrs []string) {
	t.Helper()
	mine := map[string]bool{}
	fds, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil {
			mine[strings.TrimSuffix(strings.TrimPrefix(to, "socket:["), "]")] = true
		}
	}
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		b, err := os.ReadFile(table)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			f := strings.Fields(line)
			const state, listen, local, inode = 3, "0A", 1, 9
			if len(f) > inode && f[state] == listen && mine[f[inode]] {
				addrs = append(addrs, f[local])
			}
		}
	}
	return addrs
}

func TestOnlyLoopbackSocketsAndNoneAfter(t *testing.T) {
	for redirect, want := range map[string][]string{
		"http://127.0.0.1/cb": {"0100007F"},
		"http://[::1]/cb":     {"00000000000000000000000001000000"},
		"http://localhost/cb": {"0100007F", "00000000000000000000000001000000"},
	} {
		t.Run(redirect, func(t *testing.T) {
			if before := listening(t); len(before) != 0 {
				t.Fatalf("listening before: %v", before)
			}
			l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: redirect})
			if err != nil {
				if strings.Contains(redirect, "::1") {
					authtest.NotHere(t, "there is no IPv6 loopback: %v", err)
				}
				t.Fatal(err)
			}
			_, port, _ := strings.Cut(host(t, l)[strings.LastIndex(host(t, l), ":"):], ":")
			var n int
			if _, err := fmt.Sscan(port, &n); err != nil {
				t.Fatal(err)
			}
			for i := range want {
				want[i] += fmt.Sprintf(":%04X", n)
			}
			if got := listening(t); !slices.Equal(got, want) {
				t.Errorf("listening on %v, want %v", got, want)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if after := listening(t); len(after) != 0 {
				t.Errorf("listening after Close: %v", after)
			}
		})
	}
}
