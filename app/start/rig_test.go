//go:build linux

package start_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"keyfob/app/agent/server"
	"keyfob/app/start"
	"keyfob/auth"
)

// plan is what the engine of a test does. It stands in the file that the engine is
// given as its settings, since it inherits nothing else.
type plan struct {
	Dir   string // the folder of the socket
	Notes string // a folder in which each engine leaves a file about itself
	Does  string // "" for ready, or die, hang, garbage, flood, refuse, late, killed, close
}

// note is what an engine saw of itself.
type note struct {
	PID, SID, PGID, PPID int
	Umask                int
	Dir                  string
	Env, Args            []string
	Open                 map[int]string // descriptors, with what they are
	Claimed              bool           // it became the engine
}

// TestMain is also the engine, and a command that starts one.
func TestMain(m *testing.M) {
	switch last := os.Args[len(os.Args)-1]; {
	case last == start.Verb:
		runEngine(os.Args[len(os.Args)-2])
	case len(os.Args) == 3 && os.Args[1] == "command":
		runCommand(os.Args[2])
	case last == "beside":
		sayBeside(os.Args[1])
	default:
		os.Exit(m.Run())
	}
}

func runEngine(file string) {
	open := map[int]string{}
	for fd := range 64 {
		if to, err := os.Readlink(fmt.Sprint("/proc/self/fd/", fd)); err == nil {
			open[fd] = to
		}
	}
	p := readPlan(file)
	n := note{PID: os.Getpid(), PPID: os.Getppid(), PGID: syscall.Getpgrp(), Env: os.Environ(), Args: os.Args, Open: open}
	sid, _, _ := syscall.Syscall(syscall.SYS_GETSID, 0, 0, 0)
	n.SID = int(sid)
	n.Umask = syscall.Umask(0)
	syscall.Umask(n.Umask)
	n.Dir, _ = os.Getwd()
	said := func(what string) { _ = os.WriteFile("/proc/self/fd/3", []byte(what), 0) }
	switch p.Does {
	case "die":
		leave(p, n)
		os.Exit(7)
	case "killed": // but for the third
		leave(p, n)
		if all, _ := filepath.Glob(filepath.Join(p.Notes, "*[0-9]")); len(all) < 3 {
			_ = syscall.Kill(n.PID, syscall.SIGKILL)
		}
	case "hang":
		leave(p, n)
		time.Sleep(time.Minute)
	case "garbage":
		leave(p, n)
		said("\x00{]\n")
		time.Sleep(time.Minute)
	case "flood":
		leave(p, n)
		said(strings.Repeat("x", 1<<20))
		time.Sleep(time.Minute)
	case "refuse":
		leave(p, n)
		start.Report(
			&auth.Error{Kind: auth.KindKeychain, Code: auth.CodeKeychainAbsent, What: "no keychain", Do: "get one", Who: auth.WhoYou},
		)
		os.Exit(1)
	case "late":
		time.Sleep(300 * time.Millisecond)
	}
	l, err := server.Listen(p.Dir)
	n.Claimed = err == nil
	leave(p, n)
	start.Report(err)
	if err != nil {
		os.Exit(1)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = l.Serve(ctx, server.Engine{})
	os.Exit(0)
}

func leave(p plan, n note) {
	b, _ := json.Marshal(n)
	path := filepath.Join(p.Notes, fmt.Sprint(n.PID))
	if os.WriteFile(path+".part", b, 0o600) != nil || os.Rename(path+".part", path) != nil {
		os.Exit(9)
	}
}

// runCommand starts an engine as a command does, and says what became of it.
func runCommand(file string) {
	self, err := start.Itself()
	if err == nil && os.Getenv("KEYFOB_TEST_NPROC") != "" {
		err = noMoreProcesses()
	}
	if err == nil {
		err = start.Engine(context.Background(), start.Config{Dir: readPlan(file).Dir, Settings: file, Program: self, Env: os.Environ()})
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("answers")
	os.Exit(0)
}

// noMoreProcesses has the system refuse this process any other one. The threads that
// it needs are there before.
func noMoreProcesses() error {
	var threads sync.WaitGroup
	for range 16 {
		threads.Go(func() { _ = syscall.Nanosleep(&syscall.Timespec{Nsec: 50e6}, nil) })
	}
	threads.Wait()
	return unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{})
}

// sayBeside says which program is beside this one, whose file is removed or replaced
// first where that is asked for.
func sayBeside(first string) {
	self, err := os.Executable()
	if err == nil && first != "beside" {
		err = os.Remove(self)
	}
	if err == nil && first == "replace" {
		err = os.WriteFile(self, nil, 0o700)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	path, err := start.Beside()
	if err != nil {
		path = err.Error()
	}
	fmt.Println(path)
	os.Exit(0)
}

func readPlan(file string) plan {
	var p plan
	b, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		os.Exit(8)
	}
	return p
}

// rig is a folder with a plan.
type rig struct {
	t    *testing.T
	plan plan
	file string
}

func newRig(t *testing.T, does string) *rig {
	t.Helper()
	top := t.TempDir()
	r := &rig{t, plan{Dir: filepath.Join(top, "run"), Notes: filepath.Join(top, "notes"), Does: does}, filepath.Join(top, "plan")}
	if err := os.Mkdir(r.plan.Notes, 0o700); err != nil {
		t.Fatal(err)
	}
	r.write()
	t.Cleanup(func() {
		for _, n := range r.notes() {
			r.end(n)
		}
	})
	return r
}

func (r *rig) write() {
	b, err := json.Marshal(r.plan)
	if err == nil {
		err = os.WriteFile(r.file, b, 0o600)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) config() start.Config {
	self, err := start.Itself()
	if err != nil {
		r.t.Fatal(err)
	}
	return start.Config{Dir: r.plan.Dir, Settings: r.file, Program: self, Env: os.Environ()}
}

// engine starts one in this process's name, as a command does.
func (r *rig) engine() error { return start.Engine(r.t.Context(), r.config()) }

// notes are those of the engines that were started.
func (r *rig) notes() []note {
	files, err := filepath.Glob(filepath.Join(r.plan.Notes, "*[0-9]"))
	if err != nil {
		r.t.Fatal(err)
	}
	var all []note
	for _, f := range files {
		b, err := os.ReadFile(f)
		var n note
		if err == nil {
			err = json.Unmarshal(b, &n)
		}
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, n)
	}
	return all
}

// one is the note of the one engine that was started.
func (r *rig) one() note {
	r.t.Helper()
	all := r.notes()
	if len(all) != 1 {
		r.t.Fatalf("%d engines were started, want one", len(all))
	}
	return all[0]
}

// end kills an engine and waits until it is gone.
func (r *rig) end(n note) {
	r.t.Helper()
	if syscall.Kill(n.PID, syscall.SIGKILL) != nil {
		return
	}
	r.gone(n.PID)
}

// gone waits until there is no such process. One that ended and that another process
// has to collect counts as gone: not every init is quick with that.
func (r *rig) gone(pid int) {
	r.t.Helper()
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		_, rest, _ := strings.Cut(string(stat), ") ")
		if f := strings.Fields(rest); err != nil || len(f) > 1 && f[0] == "Z" && f[1] != strconv.Itoa(os.Getpid()) {
			return
		}
		if time.Now().After(until) {
			r.t.Errorf("process %d is still there: %s", pid, stat)
			return
		}
	}
}
