package authtest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Freeze stops a process in its tracks, until it gets SIGCONT. It returns when
// every thread stands: one that still runs may answer what the test then asks.
func Freeze(t testing.TB, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatalf("stopping process %d: %v", pid, err)
	}
	for end := time.Now().Add(time.Minute); !stands(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d does not stop", pid)
		}
	}
}

// stands reports whether each thread of a process is stopped.
func stands(pid int) bool {
	stats, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/stat")
	if err != nil || len(stats) == 0 {
		return false
	}
	for _, stat := range stats {
		b, err := os.ReadFile(stat)
		if err != nil { // a thread that has ended
			continue
		}
		if _, after, ok := bytes.Cut(b[bytes.LastIndexByte(b, ')')+1:], []byte(" ")); !ok || len(after) == 0 || after[0] != 'T' {
			return false
		}
	}
	return true
}
