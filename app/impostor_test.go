//go:build unix

package app_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"keyfob/auth/authtest"
)

// impostor is another user's program that answers at a socket whatever it is
// asked with a token of its own, and tells what it was sent.
func impostor() {
	const somebody = 12345
	path := os.Args[1]
	err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(somebody), syscall.Setuid(somebody))
	var ln net.Listener
	if err == nil {
		ln, err = net.Listen("unix", path)
	}
	if err == nil {
		err = os.Chmod(path, 0o777)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		line, _ := bufio.NewReader(conn).ReadString('\n')
		_, _ = conn.Write([]byte(`{"v":2,"ok":true,"tokens":{"access":"forged"},"parting":{}}` + "\n"))
		_ = conn.Close()
		fmt.Printf("%q\n", line)
	}
}

// TestAnImpostorIsThereFirst has another user take the engine's place before
// there is one. No command asks it anything, or believes it.
func TestAnImpostorIsThereFirst(t *testing.T) {
	authtest.NeedRoot(t, "another user takes part")
	dir, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	theirs, run := filepath.Join(dir, "theirs"), filepath.Join(dir, "keyfob")
	if err := errors.Join(os.Mkdir(theirs, 0o700), os.Chmod(theirs, 0o777), os.Mkdir(run, 0o700)); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(theirs, "agent.sock")
	cmd := exec.Command(named(t, filepath.Join(dir, "bin"), "impostor"), socket)
	impostor := authtest.StartChild(t, cmd)
	if line := impostor.Line(t); line != "ready" {
		t.Fatalf("the impostor says %q", line)
	}
	if err := os.Rename(socket, filepath.Join(run, "agent.sock")); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(dir, "keyfob.toml")
	const text = "[tools.plant4]\nissuer = \"https://idp.example.com\"\nclient_id = \"x\"\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	keyfob := named(t, filepath.Join(dir, "bin"), "keyfob")
	for _, args := range [][]string{{"token", "plant4"}, {"status"}, {"login", "plant4", "--no-browser"}, {"logout", "plant4"}} {
		cmd := exec.Command(keyfob, args...)
		cmd.Env = []string{
			"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "KEYFOB_CONFIG=" + settings, "TEST_SYSTEM=" + filepath.Join(dir, "none"),
			"DBUS_SESSION_BUS_ADDRESS=unix:path=/nobody", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nobody",
		}
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		err := cmd.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || stdout.Len() > 0 ||
			!strings.HasPrefix(stderr.String(), "keyfob: another user's program is at the other end of keyfob's socket: ") {
			t.Errorf("%v: %v %q %q", args, err, stdout.String(), stderr.String())
		}
	}
	_ = cmd.Process.Kill()
	for {
		line, err := impostor.Out.ReadString('\n')
		if err != nil {
			break
		}
		if line != "\"\"\n" { // it was connected to, and left without a word
			t.Errorf("the impostor was told %s", line)
		}
	}
	_ = cmd.Wait()
}

// named is the test's program under a name of its commands, in a folder that is
// made for it and that every user may enter.
func named(t *testing.T, folder, name string) string {
	t.Helper()
	program := filepath.Join(folder, name)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if os.Link(self, program) == nil {
		return program
	}
	data, err := os.ReadFile(self) // it is on another file system
	if err == nil {
		err = os.WriteFile(program, data, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return program
}
