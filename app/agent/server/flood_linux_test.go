package server_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"keyfob/auth"
)

// TestAFlood holds 400 clients that send half a request and 1,000 that send
// nothing against an engine in a process of its own. Others are answered
// meanwhile, and the process never grows by more than 8 MiB.
func TestAFlood(t *testing.T) {
	const most = 8 << 10 * shadow // KiB
	for _, tt := range []struct {
		name  string
		many  int
		sends string
	}{
		{"half a request", 400, strings.Repeat("x", 63<<10)},
		{"more than a request", 400, strings.Repeat("x", 1<<20)},
		{"nothing", 1000, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := folder(t)
			cmd, word := start(t, dir)
			if word != "ready" {
				t.Fatal(word)
			}
			if err := isAnswered(t, dir); err != nil {
				t.Fatal(err)
			}
			before := memory(t, cmd.Process.Pid, "VmRSS:")
			var sending sync.WaitGroup
			conns := make([]net.Conn, tt.many)
			for i := range conns {
				conns[i] = raw(t, dir)
				sending.Go(func() { _, _ = io.WriteString(conns[i], tt.sends) }) // a hang-up midway is lawful
				if i%100 != 0 {
					continue
				}
				if err := isAnswered(t, dir); err != nil {
					t.Errorf("another client, after %d: %v", i, err)
				}
			}
			sending.Wait()
			if err := isAnswered(t, dir); err != nil {
				t.Errorf("another client, after all: %v", err)
			}
			if tt.sends == "" {
				for i, conn := range conns[:len(conns)-100] { // of the last ones some are let be
					if code := lastCode(t, conn); code != auth.CodeAgentBusy {
						t.Fatalf("number %d was told %q", i, code)
					}
				}
			}
			grown := memory(t, cmd.Process.Pid, "VmHWM:") - before
			if t.Logf("grew by %d KiB at most", grown); grown > most {
				t.Errorf("grew by %d KiB, want at most %d", grown, most)
			}
		})
	}
}

// memory is one of a process's sizes in KiB.
func memory(t *testing.T, pid int, label string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	var size int
	_, rest, _ := strings.Cut(string(status), label)
	if _, err := fmt.Sscan(rest, &size); err != nil {
		t.Fatalf("%s: %v", label, err)
	}
	return size
}
