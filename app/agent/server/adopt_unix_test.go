//go:build unix

package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/session"
)

// counting answers each request by counting it.
type counting struct {
	server.Sessions
	mu     sync.Mutex
	n      int
	during func() // called while a request is at work; may be nil
}

// Token implements [server.Sessions].
func (c *counting) Token(context.Context, string, session.TokenOptions) (agent.Token, error) {
	if c.during != nil {
		c.during()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return agent.Token{Tokens: auth.Tokens{Access: "token", Expiry: time.Now().Add(time.Hour)}}, nil
}

func (c *counting) asked() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// inherit is what a child process gets of a file.
func inherit(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), f.Name())
}

// TestClientsGoFromOneEngineToTheNext hands lock and socket on, while clients ask
// all the time. None fails, none is asked twice, and the first engine answers none
// once it has paused.
func TestClientsGoFromOneEngineToTheNext(t *testing.T) {
	dir := folder(t)
	first, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	var olds, news counting
	oldCtx, endOld := context.WithCancel(t.Context())
	served := make(chan error, 2)
	go func() { served <- first.Serve(oldCtx, server.Engine{Sessions: &olds}) }()

	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	answered := 0
	var mu sync.Mutex
	for range 8 {
		clients.Go(func() {
			for ctx.Err() == nil {
				client, err := agent.Dial(t.Context(), dir)
				if err == nil {
					_, err = client.Token(t.Context(), "plant4", session.TokenOptions{})
					_ = client.Close()
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				answered++
				mu.Unlock()
			}
		})
	}
	wait := func(what string, ok func() bool) {
		t.Helper()
		for range 1000 {
			if ok() {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal(what)
	}
	wait("nobody was answered", func() bool { return olds.asked() > 20 })

	for range 20 { // in vain
		if err := first.Pause(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := first.Resume(); err != nil {
			t.Fatal(err)
		}
	}
	n := olds.asked()
	wait("nobody was answered after a pause", func() bool { return olds.asked() > n+20 })

	lock, socket, err := first.Files()
	if err != nil {
		t.Fatal(err)
	}
	theirLock, theirSocket := inherit(t, lock), inherit(t, socket)
	_ = socket.Close()
	if err := first.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	n = olds.asked()
	next, err := server.Adopt(dir, theirLock, theirSocket)
	if err != nil {
		t.Fatal(err)
	}
	first.Given()
	endOld()
	if err := <-served; err != nil {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if !next.There() {
		t.Error("the first engine took the socket away")
	}
	if l, err := server.Listen(dir); !errors.Is(err, server.ErrRunning) {
		t.Errorf("a third engine could start: %v", err)
		_ = l.Close()
	}
	newCtx, endNew := context.WithCancel(t.Context())
	go func() { served <- next.Serve(newCtx, server.Engine{Sessions: &news}) }()
	wait("nobody was answered by the next", func() bool { return news.asked() > 20 })
	stop()
	clients.Wait()
	if olds.asked() != n || olds.asked()+news.asked() != answered {
		t.Errorf("the old one was asked %d times, %d of them before; the new one %d times; clients had %d answers",
			olds.asked(), n, news.asked(), answered)
	}
	endNew()
	if err := errors.Join(<-served, next.Close()); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "agent.sock")); !os.IsNotExist(err) {
		t.Errorf("the socket of the last engine is still there: %v", err)
	}
	last, err := server.Listen(dir)
	if err != nil {
		t.Fatalf("at the end: %v", err)
	}
	_ = last.Close()
}

// TestAPauseWaitsForAnswers lets a request finish that is at work. One that takes
// too long has the engine go on as before.
func TestAPauseWaitsForAnswers(t *testing.T) {
	dir := folder(t)
	l, err := server.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	began, goOn := make(chan struct{}, 8), make(chan struct{})
	engine := counting{during: func() { began <- struct{}{}; <-goOn }}
	ctx, end := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- l.Serve(ctx, server.Engine{Sessions: &engine}) }()
	asked := make(chan error, 2)
	ask := func() {
		client, err := agent.Dial(t.Context(), dir)
		if err == nil {
			_, err = client.Token(t.Context(), "plant4", session.TokenOptions{})
			_ = client.Close()
		}
		asked <- err
	}
	go ask()
	<-began
	short, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := l.Quiet(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("somebody is being answered, and it is quiet: %v", err)
	}
	if err := l.Pause(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("somebody is being answered: %v", err)
	}
	go ask()
	<-began // it was let in: it goes on as before
	paused := make(chan error, 1)
	go func() { paused <- l.Pause(t.Context()) }()
	select {
	case err := <-paused:
		t.Errorf("it did not wait for the answers: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(goOn)
	if err := errors.Join(<-paused, <-asked, <-asked); err != nil {
		t.Error(err)
	}
	end() // while it is paused
	if err := errors.Join(<-served, l.Close()); err != nil {
		t.Error(err)
	}
}

// TestNoStrangersSocketIsAdopted takes no socket but the one in its folder.
func TestNoStrangersSocketIsAdopted(t *testing.T) {
	here, there := folder(t), folder(t)
	mine, err := server.Listen(here)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = mine.Close() }()
	other, err := server.Listen(there)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	claim, _, err := mine.Files()
	if err != nil {
		t.Fatal(err)
	}
	_, socket, err := other.Files()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Adopt(here, inherit(t, claim), socket); err == nil {
		t.Error("another folder's socket was adopted")
	}
	if _, err := server.Listen(here); !errors.Is(err, server.ErrRunning) {
		t.Errorf("the lock was lost with that: %v", err)
	}
}

// TestAnotherVersionIsNoticed asks in a version of the protocol that is not this
// one: perhaps the engine's program was replaced.
func TestAnotherVersionIsNoticed(t *testing.T) {
	dir := folder(t)
	noticed := make(chan struct{}, 1)
	serve(t, dir, server.Engine{Sessions: &counting{}, Other: func() { noticed <- struct{}{} }})
	conn, err := net.Dial("unix", filepath.Join(dir, "agent.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, `{"v":99,"op":"status"}`+"\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.Contains(string(answer), auth.CodeAgentVersion) {
		t.Errorf("it answered %s, %v", answer, err)
	}
	select {
	case <-noticed:
	default:
		t.Error("nobody was told")
	}
}
