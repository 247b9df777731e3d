//go:build unix

package start

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// child is an engine that was started.
type child struct{ pid int }

// spawn starts program with descriptor 3 as its end of the pipe.
func spawn(program string, args, env []string, pipe *os.File) (child, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return child{}, err
	}
	defer func() { _ = null.Close() }()
	restore, err := closeOnExec()
	if err != nil {
		return child{}, err
	}
	defer restore()
	mask := syscall.Umask(0o077) // which the child inherits
	defer syscall.Umask(mask)
	n := null.Fd()
	pid, err := syscall.ForkExec(program, args, &syscall.ProcAttr{
		Dir: "/", Env: env, Files: []uintptr{n, n, n, pipe.Fd()}, Sys: &syscall.SysProcAttr{Setsid: true},
	})
	return child{pid}, err
}

// endsWithin is how long a process takes at most from closing its files to its end.
const endsWithin = 200 * time.Millisecond

// kill ends the engine and what it has started.
func (c child) kill() {
	_ = syscall.Kill(-c.pid, syscall.SIGKILL) // its group has its number, since its session is its own
}

// killed reports whether an engine that has closed its pipe was killed. It waits
// for the end of one that is about to end.
func (c child) killed() bool {
	for until := time.Now().Add(endsWithin); time.Now().Before(until); time.Sleep(time.Millisecond) {
		var status syscall.WaitStatus
		if pid, _ := syscall.Wait4(c.pid, &status, syscall.WNOHANG, nil); pid == c.pid {
			return status.Signaled() && status.Signal() == syscall.SIGKILL
		}
	}
	return false
}

// wait waits for the end of an engine that was killed or is about to end.
func (c child) wait() {
	for {
		if _, err := syscall.Wait4(c.pid, nil, 0, nil); !errors.Is(err, syscall.EINTR) {
			return
		}
	}
}

// release lets the engine go on alone. A command may outlive it and collects it then,
// since nobody else can; most commands are gone long before.
func (c child) release() { go c.wait() }
