//go:build unix

package main_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/auth/authtest"
)

// impostorVariable names the socket of a process of another user.
const impostorVariable = "KEYFOB_TEST_IMPOSTOR"

// impostor answers as another user at a socket, until its input ends, and tells
// what it was sent.
func impostor(path string) error {
	const somebody = 12345
	if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(somebody), syscall.Setuid(somebody)); err != nil {
		return err
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o777); err != nil {
		return err
	}
	fmt.Println("ready")
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		line, _ := bufio.NewReader(conn).ReadString('\n')
		_, _ = conn.Write([]byte(`{"v":2,"ok":true,"tokens":{"access":"forged"}}` + "\n"))
		_ = conn.Close()
		fmt.Printf("%q\n", line)
	}
}

// TestAnotherUsersSocket has another user sit at the engine's place: it is told
// nothing, and not believed.
func TestAnotherUsersSocket(t *testing.T) {
	authtest.NeedRoot(t, "another user takes part")
	dir := programs(t)
	p := newPlace(t)
	theirs := filepath.Join(filepath.Dir(p.runtime), "theirs")
	err := errors.Join(
		os.Chmod(filepath.Dir(p.runtime), 0o711),
		os.Mkdir(theirs, 0o700),
		os.Chmod(theirs, 0o777),
		os.Mkdir(p.engineDir(), 0o700),
	)
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(theirs, "agent.sock")
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), impostorVariable+"="+socket)
	child := authtest.StartChild(t, cmd)
	if line := child.Line(t); line != "ready" {
		t.Fatalf("the impostor says %q", line)
	}
	if err := os.Rename(socket, filepath.Join(p.engineDir(), "agent.sock")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"token", "plant4"}, {"status"}, {"logout", "plant4"}, {"quit"}} {
		thin, whole := p.run(t, filepath.Join(dir, "keyfob"), args), p.run(t, filepath.Join(dir, "keyfob-tray"), args)
		const says = "keyfob: another user's program is at the other end of keyfob's socket: "
		if thin != whole || thin.code != 1 || thin.out != "" || !strings.HasPrefix(thin.err, says) {
			t.Errorf("%v:\nthe thin command: %+v\nthe whole program: %+v", args, thin, whole)
		}
		for range 2 {
			if line := child.Line(t); line != `""` {
				t.Errorf("%v: the impostor was told %s", args, line)
			}
		}
	}
}

// TestAnEngineThatIsStopped says nothing at all, and is given up within five
// seconds.
func TestAnEngineThatIsStopped(t *testing.T) {
	authtest.NotShort(t, "it waits out a silence")
	dir := programs(t)
	p := newPlace(t)
	silent(t, p)
	began := time.Now()
	got := p.run(t, filepath.Join(dir, "keyfob"), []string{"token", "plant4"})
	if took := time.Since(began); got.code != 4 || got.out != "" ||
		!strings.HasPrefix(got.err, "keyfob: the keyfob that runs does not answer: ") ||
		took > 5*time.Second {
		t.Errorf("%+v after %v", got, took)
	}
}

// TestInterrupted ends a command that waits. In its first moments the system ends
// it; later it says so, as the whole program does.
func TestInterrupted(t *testing.T) {
	dir := programs(t)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		for wait := 50 * time.Millisecond; ; wait *= 2 {
			p := newPlace(t)
			asked := silent(t, p)
			cmd := exec.Command(filepath.Join(dir, "keyfob"), "token", "plant4")
			cmd.Env = []string{"HOME=" + p.home, "XDG_RUNTIME_DIR=" + p.runtime}
			var errs strings.Builder
			cmd.Stderr = &errs
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-asked
			time.Sleep(wait) // longer each time, on a machine that is busy
			_ = cmd.Process.Signal(signal)
			_ = cmd.Wait()
			if cmd.ProcessState.ExitCode() == 1 && errs.String() == "keyfob: cancelled before it was done\n" {
				break
			}
			byTheSystem := cmd.ProcessState.ExitCode() < 0 && errs.Len() == 0
			if !byTheSystem || wait > 2*time.Second {
				t.Errorf("%v after %v: %v, %q", signal, wait, cmd.ProcessState, errs.String())
				break
			}
		}
	}
}

// silent takes connections in the engine's place and never answers. It tells of
// each request.
func silent(t *testing.T, p place) (asked <-chan struct{}) {
	t.Helper()
	if err := os.Mkdir(p.engineDir(), 0o700); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("unix", filepath.Join(p.engineDir(), "agent.sock"))
	if err != nil {
		t.Fatal(err)
	}
	told, ended := make(chan struct{}, 8), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			defer func() { _ = conn.Close() }()
			_, _ = bufio.NewReader(conn).ReadString('\n')
			told <- struct{}{}
		}
	}()
	t.Cleanup(func() {
		_ = ln.Close()
		<-ended
	})
	return told
}
