//go:build linux

package bed

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"keyfob/auth/authtest"
)

// Process is a program that runs on the desktop.
type Process struct {
	Name string
	cmd  *exec.Cmd
	out  authtest.Buffer // stdout and stderr
	done chan struct{}   // closed when it has ended
	err  error           // how, once done
}

// Start starts a program, which is killed when the test ends.
func (b *Bed) Start(name string, args ...string) *Process {
	b.t.Helper()
	return b.StartCommand(b.Command(name, args...))
}

// StartCommand starts a prepared program, which is killed when the test ends.
func (b *Bed) StartCommand(cmd *exec.Cmd) *Process {
	b.t.Helper()
	p := &Process{Name: filepath.Base(cmd.Path), cmd: cmd, done: make(chan struct{})}
	if cmd.Stdout == nil {
		cmd.Stdout = &p.out
	}
	cmd.Stderr = &p.out
	// It shall not outlive a test process that is killed itself.
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid, cmd.SysProcAttr.Pdeathsig = true, syscall.SIGKILL
	if err := cmd.Start(); err != nil {
		b.t.Fatalf("%s: %v", p.Name, err)
	}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	b.procs = append(b.procs, p)
	return p
}

// PID is the process ID.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Output is what it has printed so far, stdout and stderr together.
func (p *Process) Output() string { return p.out.String() }

// Running reports whether it has not ended.
func (p *Process) Running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// Signal sends it a signal.
func (p *Process) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Kill kills it with its process group, and waits until it is gone.
func (p *Process) Kill() {
	if p.Running() {
		_ = syscall.Kill(-p.PID(), syscall.SIGKILL) // it may just have ended
	}
	<-p.done
}

// Exit waits for its end and returns the exit code, -1 after a signal.
func (b *Bed) Exit(p *Process) int {
	b.t.Helper()
	b.Wait("the end of "+p.Name, func() bool { return !p.Running() })
	var exit *exec.ExitError
	if errors.As(p.err, &exit) {
		return exit.ExitCode()
	}
	if p.err != nil && !errors.Is(p.err, exec.ErrWaitDelay) {
		b.t.Fatalf("%s: %v", p.Name, p.err)
	}
	return 0
}

// killStrays kills the processes that a program of the bed started and left
// behind, until none is left.
func (b *Bed) killStrays() error {
	for range 200 {
		strays, err := b.strays()
		if err != nil || len(strays) == 0 {
			return err
		}
		for _, pid := range strays {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may just have ended
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("processes survive being killed")
}

// strays are the processes that have the bed's variable or its home in their
// environment, or work in its folder: Chromium writes over its environment, and
// an engine that a command started has little of the command's and works nowhere.
func (b *Bed) strays() ([]int, error) {
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil, err
	}
	var all []int
	for _, dir := range processes {
		// Neither can be read of one that has just ended or is somebody else's.
		environ, _ := os.ReadFile(filepath.Join(dir, "environ"))
		at, _ := os.Readlink(filepath.Join(dir, "cwd"))
		ours := func(v string) bool { return v == marker+"="+b.Dir || v == "HOME="+b.Home }
		if !slices.ContainsFunc(strings.Split(string(environ), "\x00"), ours) && !strings.HasPrefix(at, b.Dir+"/") {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(dir)); err == nil && pid != os.Getpid() {
			all = append(all, pid)
		}
	}
	// One that keeps its memory to itself shows neither, but listens somewhere.
	_ = filepath.WalkDir(b.Runtime, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type() != fs.ModeSocket {
			return nil // it may just have gone
		}
		if pid := b.Listener(path); pid != 0 && pid != os.Getpid() && !slices.Contains(all, pid) {
			all = append(all, pid)
		}
		return nil
	})
	return all, nil
}

// Listener is the process that listens on a socket, or 0 for none.
func (b *Bed) Listener(socket string) (pid int) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return 0
	}
	defer func() { _ = conn.Close() }()
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) {
		if cred, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); err == nil {
			pid = int(cred.Pid)
		}
	})
	return pid
}
