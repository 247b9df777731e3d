//go:build unix

package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/authtest"
)

// strangersID is a user that nobody is.
const strangersID = 12345

// countsStatus notes each time that somebody asks for the sessions.
type countsStatus struct {
	answers
	asked chan<- struct{}
}

func (c countsStatus) Status(ctx context.Context) (agent.Status, error) {
	c.asked <- struct{}{}
	return c.answers.Status(ctx)
}

// TestAStrangerAsks lets another user connect to the engine's socket, which
// somebody has made open to all.
func TestAStrangerAsks(t *testing.T) {
	authtest.NeedRoot(t, "another user takes part")
	dir := folder(t)
	asked := make(chan struct{}, 10)
	serve(t, dir, server.Engine{Sessions: countsStatus{asked: asked}})
	socket := filepath.Join(dir, "agent.sock")
	if err := errors.Join(os.Chmod(filepath.Dir(dir), 0o711), os.Chmod(dir, 0o711), os.Chmod(socket, 0o666)); err != nil {
		t.Fatal(err)
	}
	if got := stranger(t, "asks", socket)(); got != "connected, got 0 bytes" {
		t.Errorf("the stranger %s", got)
	}
	if len(asked) != 0 {
		t.Error("the engine worked for a stranger")
	}
	if _, err := dial(t, dir).Status(t.Context()); err != nil {
		t.Error("the user's own program:", err)
	}
}

// TestAnImpostorsSocket puts another user's socket where the engine's should
// be: in a folder of the user's own, and in one that the impostor made before
// the engine was ever started.
func TestAnImpostorsSocket(t *testing.T) {
	authtest.NeedRoot(t, "another user takes part")
	theirs := func(t *testing.T) (socket string, end func() string) {
		t.Helper()
		dir := folder(t)
		if err := os.Chmod(filepath.Dir(dir), 0o777); err != nil {
			t.Fatal(err)
		}
		socket = filepath.Join(dir, "agent.sock")
		return socket, stranger(t, "listens", socket)
	}
	t.Run("in the user's folder", func(t *testing.T) {
		dir := folder(t)
		socket, end := theirs(t)
		if err := errors.Join(os.Mkdir(dir, 0o700), os.Rename(socket, filepath.Join(dir, "agent.sock"))); err != nil {
			t.Fatal(err)
		}
		switch c, err := agent.Dial(t.Context(), dir); {
		case err == nil:
			_ = c.Close()
			t.Error("an impostor was taken for the engine")
		case auth.KindOf(err) != auth.KindSetup || auth.AsError(err).Code != "agent_peer":
			t.Errorf("dial: %v", err)
		}
		if got := end(); got != "was connected to 1 times and read 0 bytes" {
			t.Errorf("the impostor %s", got)
		}
		serve(t, dir, engine()) // the engine takes the place
		if _, err := dial(t, dir).Status(t.Context()); err != nil {
			t.Error("afterwards:", err)
		}
	})
	t.Run("in a folder of the impostor", func(t *testing.T) {
		socket, end := theirs(t)
		dir := filepath.Dir(socket)
		want := "keyfob's folder " + dir + " belongs to another user: remove it, or set XDG_RUNTIME_DIR to a folder of your own"
		if _, err := agent.Dial(t.Context(), dir); err == nil || err.Error() != want {
			t.Errorf("dial: %v", err)
		}
		if _, err := server.Listen(dir); err == nil || err.Error() != want {
			t.Errorf("listen: %v", err)
		}
		if got := end(); got != "was connected to 0 times and read 0 bytes" {
			t.Errorf("the impostor %s", got)
		}
	})
}

// stranger starts a process of another user, and returns when it is ready. end
// lets it finish and returns what it says of itself.
func stranger(t *testing.T, does, socket string) (end func() string) {
	t.Helper()
	c := authtest.StartChild(t, exec.Command(os.Args[0], "stranger", does, socket))
	if line := c.Line(t); line != "ready" {
		t.Fatalf("the stranger said %q", line)
	}
	return func() string {
		_ = c.In.Close()
		return c.Line(t)
	}
}

// strangerProcess becomes another user for good. The program's file may be out
// of that user's reach, so it is not started as one.
func strangerProcess(does, socket string) error {
	if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(strangersID), syscall.Setuid(strangersID)); err != nil {
		return err
	}
	if does == "asks" {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			return err
		}
		_, _ = io.WriteString(conn, `{"v":2,"op":"status"}`+"\n") // it may be hung up on already
		fmt.Println("ready")
		got, _ := io.ReadAll(conn)
		fmt.Printf("connected, got %d bytes\n", len(got))
		return nil
	}
	if err := os.Mkdir(filepath.Dir(socket), 0o755); err != nil {
		return err
	}
	ln, err := net.Listen("unix", socket)
	if err == nil {
		err = os.Chmod(socket, 0o777)
	}
	if err != nil {
		return err
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test has done its worst
	raw, err := ln.(*net.UnixListener).SyscallConn()
	if err != nil {
		return err
	}
	conns, read := 0, 0
	err = raw.Control(func(fd uintptr) { // whoever came is waiting, and has left
		for buf := make([]byte, 1<<10); ; conns++ {
			conn, _, err := syscall.Accept(int(fd))
			if err != nil {
				return
			}
			for n, _ := syscall.Read(conn, buf); n > 0; n, _ = syscall.Read(conn, buf) {
				read += n
			}
			_ = syscall.Close(conn)
		}
	})
	fmt.Printf("was connected to %d times and read %d bytes\n", conns, read)
	return err
}
