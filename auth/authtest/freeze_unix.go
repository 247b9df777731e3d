//go:build unix && !linux

package authtest

import (
	"syscall"
	"testing"
)

// Freeze stops a process, until it gets SIGCONT.
func Freeze(t testing.TB, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatalf("stopping process %d: %v", pid, err)
	}
}
