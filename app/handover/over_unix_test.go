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

// TestTheNextBuildTakesOver replaces the program of an engine that runs, several
// times. Clients ask all the while: none fails, none finds the lock free, and what
// memory holds is there to the last byte, however much it is.
func TestTheNextBuildTakesOver(t *testing.T) {
	for name, size := range map[string]int{"nothing in memory": 0, "little": 10, "more than a pipe holds": 300_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, "2.0", min(size, 60_000))
			before := strings.SplitN(p.mustAsk(t), " ", 3)[2:]
			end := p.crowd(t)
			for _, build := range []string{"3.0", "1.0"} { // newer, older
				p.install(t, build)
				next := p.wait(t, "serves")
				if next.build != build || next.pid == p.first || !p.locked(t) {
					t.Fatalf("%v serves, want %s; locked: %v", next, build, p.locked(t))
				}
				after := strings.SplitN(p.mustAsk(t), " ", 3)
				if after[0] != build || after[1] != strconv.Itoa(next.pid) || !slices.Equal(after[2:], before) {
					t.Errorf("%v answers, want %v", after, before)
				}
			}
			end("2.0", "3.0", "1.0")
		})
	}
}

// TestANextBuildThatFails leaves the old engine as it was, with all its clients,
// and is not tried again; another one is.
func TestANextBuildThatFails(t *testing.T) {
	for build, want := range map[string]string{
		dies:       "it ended at once",
		babbles:    "it did not answer as keyfob does",
		refuses:    "the settings cannot be read: mend them",
		hangs:      "it did not answer in 3s",
		hangsLater: "it did not answer in 2s",
		"empty":    "",
	} {
		t.Run(build, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, "2.0", 10)
			before := p.mustAsk(t)
			end := p.crowd(t)
			if build == "empty" { // no program at all
				next := p.program + ".new"
				writeProgram(t, next, []byte("nothing\n"))
				if err := os.Rename(next, p.program); err != nil {
					t.Fatal(err)
				}
			} else {
				p.install(t, "3.0-"+build)
			}
			stays := <-p.events
			if !strings.HasPrefix(stays.what, "stays keyfob was updated, and the new version does not start ("+want) ||
				stays.pid != p.first {
				t.Errorf("got %v, want %q", stays, want)
			}
			if after := p.mustAsk(t); after != before || !p.locked(t) {
				t.Errorf("%s answers, before %s; locked: %v", after, before, p.locked(t))
			}
			if err := os.Chmod(p.program, 0o700); err != nil { // something happens to it, and it is the same file
				t.Fatal(err)
			}
			select {
			case e := <-p.events:
				t.Errorf("the same file was tried again: %v", e)
			case <-time.After(5 * settles):
			}
			p.install(t, "3.1")
			if next := p.wait(t, "serves"); next.build != "3.1" {
				t.Errorf("%v serves", next)
			}
			end("2.0", "3.1")
		})
	}
}

// TestAKillAtEachStep kills the old engine, the new one or both at each step. Then
// one of them serves, or the lock is free and the next can be started. What memory
// holds is there as a whole or not at all, and is not lost while the old one lives.
func TestAKillAtEachStep(t *testing.T) {
	const size = 30_000 // more than a pipe holds
	for _, step := range []string{stopped, atPrepared, hasMemory, atReady, oldStopping} {
		for _, victim := range []string{"old", "new", "both"} {
			t.Run(step+"/"+victim, func(t *testing.T) {
				t.Parallel()
				build := "2.0"
				if step == oldStopping {
					build += "-" + step
				}
				p := newPlace(t, build, size)
				before := p.mustAsk(t)
				p.install(t, "3.0-"+step)
				at := p.wait(t, step)
				hasCome(t, at.pid, "T")
				if step == oldStopping {
					at = event{pid: p.child(t)}
				}
				if step == atReady && victim == "new" {
					hasCome(t, p.first, "Z") // the new one is the engine alone
				}
				if victim != "new" {
					_ = syscall.Kill(p.first, syscall.SIGKILL)
				}
				if victim != "old" {
					_ = syscall.Kill(at.pid, syscall.SIGKILL)
				}
				_ = syscall.Kill(p.first, syscall.SIGCONT)
				_ = syscall.Kill(at.pid, syscall.SIGCONT)
				switch {
				case victim == "new" && step != atReady:
					e := <-p.events
					if after := p.mustAsk(t); after != before || !p.locked(t) || !strings.HasPrefix(e.what, "stays") {
						t.Errorf("%.60s answers, before %.60s; locked: %v; %v", after, before, p.locked(t), e)
					}
				case victim == "old":
					next := p.wait(t, "serves")
					after := strings.SplitN(p.mustAsk(t), " ", 3)
					whole := strings.SplitN(before, " ", 3)[2]
					if next.pid != at.pid || !p.locked(t) || len(after) == 3 && after[2] != whole {
						t.Errorf("%v serves, %.60v answers; locked: %v", next, after, p.locked(t))
					}
					if had := len(after) == 3; (step == hasMemory || step == atReady) != had {
						t.Errorf("at %s the new one had the tokens: %v", step, had)
					}
				default:
					for p.locked(t) {
						time.Sleep(time.Millisecond)
					}
					if answer, err := p.ask(); err == nil {
						t.Errorf("%s answers", answer)
					}
					p.install(t, "4.0")
					p.start(t, 0)
					if after := p.mustAsk(t); !strings.HasPrefix(after, "4.0 ") {
						t.Errorf("%s answers", after)
					}
				}
			})
		}
	}
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
