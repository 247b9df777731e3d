//go:build unix

package handover

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"keyfob/app/lock"
	"keyfob/auth"
)

// A copy of this test's program is an engine: a real lock, a real socket, tokens
// in its memory. What stands behind its mark in the copy's file is its build, and
// may say that it fails.
const (
	engineDir  = "KEYFOB_TEST_ENGINE"   // the folder of lock and socket
	engineHeld = "KEYFOB_TEST_HELD"     // how many bytes the first one has in memory
	settles    = 100 * time.Millisecond // as Settle
)

// mark stands before the build at the end of a program's file.
const mark = "\nbuild:"

// The ways in which a build fails, and the steps at which it stops until it is
// told to go on.
const (
	dies        = "dies"
	hangs       = "hangs"
	refuses     = "refuses"
	babbles     = "babbles"
	hangsLater  = "hangs-later"
	stopped     = "stopped-at-start"
	atPrepared  = "stopped-when-prepared"
	hasMemory   = "stopped-with-memory"
	atReady     = "stopped-when-ready"
	oldStopping = "old-stopped" // the old engine stops in the middle of its Stop
)

func TestMain(m *testing.M) {
	if dir, is := os.LookupEnv(engineDir); is {
		if err := newTestEngine(dir).run(); err != nil {
			fmt.Println("failed", os.Getpid(), err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// testEngine is an engine, as app/daemon is one.
type testEngine struct {
	dir   string
	build string
	held  []Held

	lock *lock.Lock
	ln   *net.UnixListener

	mu     sync.Mutex
	paused chan struct{} // closed when it may serve again; nil while it may
	open   sync.WaitGroup
}

func newTestEngine(dir string) *testEngine { return &testEngine{dir: dir, build: build()} }

// build is this process's, as its file says.
func build() string {
	content, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return err.Error()
	}
	return string(content[bytes.LastIndex(content, []byte(mark))+len(mark):])
}

// says tells the test what happens. It sees it of all builds.
func (e *testEngine) says(what ...any) {
	fmt.Println(append([]any{e.build, os.Getpid()}, what...)...)
}

// stopHere stops this process where its build says so.
func (e *testEngine) stopHere(step string) {
	if strings.HasSuffix(e.build, step) {
		e.says(step)
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		time.Sleep(20 * time.Millisecond) // the signal may reach another thread first
	}
}

func (e *testEngine) run() error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	p, err := Running()
	if err != nil {
		return err
	}
	p.settle, p.within = settles, 3*time.Second
	i, err := Inherited()
	if err != nil {
		return err
	}
	if i == nil {
		err = e.claim()
	} else {
		err = e.takeOver(ctx, i)
	}
	if err != nil {
		return err
	}
	go e.serve()
	e.says("serves")
	p.Watch(ctx, func(ctx context.Context) {
		switch err := p.Over(ctx, Engine{
			Env: os.Environ(), Args: os.Args[1:], Lock: e.lock.File(), Socket: e.socket(), Stop: e.stop,
		}); {
		case err == nil:
			e.says("leaves")
			stop()
		default:
			e.says("stays", err)
		}
	})
	return nil
}

// claim makes this the first engine.
func (e *testEngine) claim() (err error) {
	if e.lock, err = lock.Try(e.dir, "engine.lock"); err != nil {
		return err
	}
	path := filepath.Join(e.dir, "agent.sock")
	_ = os.Remove(path)
	if e.ln, err = net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"}); err != nil {
		return err
	}
	e.ln.SetUnlinkOnClose(false)
	if size := len(os.Getenv(engineHeld)); size > 0 {
		for _, tool := range []string{"plant4", "plant5"} {
			e.held = append(e.held, Held{Tool: tool, Tokens: auth.Tokens{
				Access: "access", Refresh: auth.Secret(strings.Repeat(tool, size)), Expiry: time.Now().Add(time.Hour),
			}})
		}
	}
	return nil
}

// takeOver makes this the next engine.
func (e *testEngine) takeOver(ctx context.Context, i *Inheritance) (err error) {
	if v, is := os.LookupEnv(variable); is {
		return errors.New("a child would see " + variable + "=" + v)
	}
	for _, f := range []*os.File{i.Lock, i.Socket, i.says, i.memory} {
		if flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			return fmt.Errorf("a child would inherit the %s: %w", f.Name(), err)
		}
	}
	e.stopHere(stopped)
	switch {
	case strings.HasSuffix(e.build, dies):
		os.Exit(3)
	case strings.HasSuffix(e.build, hangs):
		select {}
	case strings.HasSuffix(e.build, babbles):
		i.say("keyfob is already running: its window opens")
		select {}
	case strings.HasSuffix(e.build, refuses):
		i.Refuse(&auth.Error{Kind: auth.KindSetup, Code: auth.CodeSettings, What: "the settings cannot be read", Do: "fix them"})
		os.Exit(1)
	}
	if e.lock, err = lock.Adopt(filepath.Join(e.dir, "engine.lock"), i.Lock); err != nil {
		return err
	}
	ln, err := net.FileListener(i.Socket)
	if err != nil {
		return err
	}
	_ = i.Socket.Close()
	e.ln = ln.(*net.UnixListener)
	if strings.HasSuffix(e.build, atPrepared) {
		go func() { e.stopHere(atPrepared) }()
		time.Sleep(10 * time.Millisecond)
	}
	if e.held, err = i.Prepared(ctx); err != nil {
		return err
	}
	e.stopHere(hasMemory)
	if strings.HasSuffix(e.build, hangsLater) {
		select {}
	}
	if strings.HasSuffix(e.build, atReady) {
		i.say(saysReady)
		e.stopHere(atReady)
	}
	return i.Ready(ctx)
}

// socket is a descriptor of the socket for another process.
func (e *testEngine) socket() *os.File {
	raw, err := e.ln.SyscallConn()
	if err != nil {
		panic(err)
	}
	var fd int
	if err := raw.Control(func(of uintptr) { fd, err = syscall.Dup(int(of)) }); err != nil {
		panic(err)
	}
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), "socket")
}

// serve answers clients: with this build, and what it has in memory.
func (e *testEngine) serve() {
	for {
		conn, err := e.ln.Accept()
		e.mu.Lock()
		paused := e.paused
		if err == nil {
			e.open.Add(1)
		}
		e.mu.Unlock()
		switch {
		case err == nil:
			go func() {
				defer e.open.Done()
				defer func() { _ = conn.Close() }()
				if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
					return
				}
				time.Sleep(time.Millisecond) // as long as a request takes
				fmt.Fprintf(conn, "%s %d", e.build, os.Getpid())
				for _, h := range e.held {
					fmt.Fprintf(conn, " %s:%d", h.Tool, len(h.Tokens.Refresh.Reveal()))
				}
				fmt.Fprintln(conn)
			}()
		case paused != nil:
			<-paused
		default:
			return
		}
	}
}

// stop implements Engine.Stop.
func (e *testEngine) stop(context.Context) ([]Held, func(), error) {
	goOn := make(chan struct{})
	e.mu.Lock()
	e.paused = goOn
	e.mu.Unlock()
	_ = e.ln.SetDeadline(time.Unix(1, 0))
	time.Sleep(5 * time.Millisecond) // the one that is being accepted; app/agent/server knows for certain
	e.open.Wait()
	e.stopHere(oldStopping)
	return e.held, func() {
		e.mu.Lock()
		e.paused = nil
		e.mu.Unlock()
		_ = e.ln.SetDeadline(time.Time{})
		close(goOn)
	}, nil
}
