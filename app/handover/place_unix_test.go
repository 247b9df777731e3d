//go:build unix

package handover

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keyfob/app/lock"
)

// place is where a program is installed, with the engine that runs from there.
type place struct {
	dir     string // of lock and socket
	program string
	events  chan event
	first   int // the first engine's process
}

// event is what an engine tells.
type event struct {
	build, what string
	pid         int
}

// install puts a build into the program's place, as package managers do.
func (p *place) install(t *testing.T, build string) {
	t.Helper()
	next := p.program + ".new"
	copyProgram(t, next, build)
	if err := os.Rename(next, p.program); err != nil {
		t.Fatal(err)
	}
}

func copyProgram(t *testing.T, to, build string) {
	t.Helper()
	from, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	writeProgram(t, to, append(content, mark+build...))
}

// writeProgram writes a program that can be started at once: no child of another
// test has it open.
func writeProgram(t *testing.T, to string, content []byte) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(to, content, 0o755); err != nil {
		t.Fatal(err)
	}
}

// newPlace runs a build, which has two sessions with refresh tokens of about size
// bytes in memory.
func newPlace(t *testing.T, build string, size int) *place {
	t.Helper()
	dir, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &place{dir: filepath.Join(dir, "run"), program: filepath.Join(dir, "keyfob-tray"), events: make(chan event, 64)}
	p.install(t, build)
	p.first = p.start(t, size)
	return p
}

// start starts the program that is installed, and returns its process.
func (p *place) start(t *testing.T, size int) int {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(p.program)
	cmd.Env = append(os.Environ(), engineDir+"="+p.dir, engineHeld+"="+strings.Repeat("x", size))
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	var told sync.WaitGroup
	var mu sync.Mutex
	pids := []int{cmd.Process.Pid}
	told.Go(func() { // until all builds have ended
		for lines := bufio.NewScanner(r); lines.Scan(); {
			words := strings.SplitN(lines.Text(), " ", 3)
			pid := 0
			if len(words) == 3 {
				pid, _ = strconv.Atoi(words[1])
			}
			if pid == 0 {
				t.Errorf("an engine said %.200q", lines.Text())
				continue
			}
			mu.Lock()
			pids = append(pids, pid)
			mu.Unlock()
			select {
			case p.events <- event{words[0], words[2], pid}:
			default:
				t.Errorf("nobody wanted to know that %.200q", lines.Text())
			}
		}
	})
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		mu.Lock()
		for _, pid := range pids[1:] {
			if pid != cmd.Process.Pid && parentOrSelf(pid, p.program) {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		mu.Unlock()
		told.Wait()
		_ = r.Close()
	})
	p.wait(t, "serves")
	return cmd.Process.Pid
}

// parentOrSelf reports whether the process runs a program of that place.
func parentOrSelf(pid int, program string) bool {
	exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	return err == nil && strings.HasPrefix(exe, filepath.Dir(program))
}

// wait waits for an event.
func (p *place) wait(t *testing.T, what string) event {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case e := <-p.events:
			if strings.HasPrefix(e.what, what) {
				return e
			}
			if strings.HasPrefix(e.what, "stays") || e.build == "failed" {
				t.Fatalf("got %v, want %q", e, what)
			}
		case <-late:
			t.Fatalf("nothing %s", what)
		}
	}
}

// ask is what a client does.
func (p *place) ask() (string, error) {
	conn, err := net.Dial("unix", filepath.Join(p.dir, "agent.sock"))
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(4 * time.Second)) // as a client's patience
	if _, err := fmt.Fprintln(conn, "who is it?"); err != nil {
		return "", err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return strings.TrimSpace(answer), err
}

// mustAsk asks the engine that has to be there.
func (p *place) mustAsk(t *testing.T) string {
	t.Helper()
	answer, err := p.ask()
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// crowd asks all the time until the returned function is called and the builds
// that it is given have answered, in this order. No client may fail.
func (p *place) crowd(t *testing.T) (end func(builds ...string)) {
	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	var mu sync.Mutex
	var builds []string
	for range 8 {
		clients.Go(func() {
			for ctx.Err() == nil {
				answer, err := p.ask()
				if err != nil {
					t.Errorf("a client was told %v", err)
					return
				}
				build, _, _ := strings.Cut(answer, " ")
				mu.Lock()
				if !slices.Contains(builds, build) {
					builds = append(builds, build)
				}
				mu.Unlock()
			}
		})
	}
	return func(want ...string) {
		for range 1000 {
			mu.Lock()
			all := slices.Equal(builds, want)
			mu.Unlock()
			if all || t.Failed() {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		stop()
		clients.Wait()
		if !slices.Equal(builds, want) {
			t.Errorf("clients were answered by %v, want %v", builds, want)
		}
	}
}

// locked reports whether somebody holds the engine's lock.
func (p *place) locked(t *testing.T) bool {
	t.Helper()
	l, err := lock.Try(p.dir, "engine.lock")
	if err == nil {
		_ = l.Release()
	}
	return err != nil
}

// hasCome waits until a process has come into a state: T is stopped, Z has ended.
func hasCome(t *testing.T, pid int, state string) {
	t.Helper()
	for range 1000 {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), ") "+state+" ") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("process %d did not come into state %s", pid, state)
}

// child is the process that the first engine has started.
func (p *place) child(t *testing.T) int {
	t.Helper()
	for range 3000 {
		of, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", p.first)) // each thread has its own
		for _, file := range of {
			b, _ := os.ReadFile(file)
			if pid, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil {
				return pid
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the engine started nothing")
	return 0
}
