package keychain

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// waitGone waits until the process pid has ended.
func waitGone(t *testing.T, pid string) {
	t.Helper()
	n, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	for range 500 {
		p, err := os.FindProcess(n)
		if err != nil || errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone) || zombie(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %s is still there", pid)
}

// zombie reports whether pid has ended and waits for whoever inherited it: in
// a container nobody may ever collect it.
func zombie(pid string) bool {
	b, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return false
	}
	for i := len(b) - 1; i > 0; i-- {
		if b[i] == ')' {
			return i+2 < len(b) && b[i+2] == 'Z'
		}
	}
	return false
}
