package app_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTheEnginesMemoryIsItsOwn has a program of the same user look into an
// engine, and for comparison into a process that hides nothing. The superuser
// may look into everything, and so becomes somebody else for it.
func TestTheEnginesMemoryIsItsOwn(t *testing.T) {
	dir, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	who := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 {
		const somebody = 12345
		who.Credential = &syscall.Credential{Uid: somebody, Gid: somebody}
		if err := os.Chown(dir, somebody, somebody); err != nil {
			t.Fatal(err)
		}
	}
	program := named(t, filepath.Join(dir, "bin"), "keyfob")
	start := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.SysProcAttr = dir, who
		cmd.Env = []string{
			"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "XDG_CONFIG_HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TEST_SYSTEM=" + dir,
			"DBUS_SESSION_BUS_ADDRESS=unix:path=/nobody", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nobody",
		}
		return cmd
	}
	look := func(of *exec.Cmd) string {
		out, err := start("head", "-c", "1", fmt.Sprintf("/proc/%d/environ", of.Process.Pid)).CombinedOutput()
		if err != nil && strings.Contains(string(out), "Permission denied") {
			return "refused"
		}
		if err != nil || len(out) != 1 {
			t.Fatalf("%v %q", err, out)
		}
		return "allowed"
	}
	run := func(cmd *exec.Cmd) *exec.Cmd {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
		return cmd
	}
	open := start("cat")
	input, err := open.StdinPipe() // it ends with that
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = input.Close() }()
	run(open)
	engine := run(start(program, "agent"))
	for end := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(dir, "keyfob", "agent.sock")); err == nil {
			break
		} else if !errors.Is(err, fs.ErrNotExist) || time.Now().After(end) {
			t.Fatalf("no engine: %v", err)
		}
	}
	if got := look(open); got != "allowed" {
		t.Errorf("to look into a process that hides nothing is %s", got)
	}
	if got := look(engine); got != "refused" {
		t.Errorf("to look into the engine is %s", got)
	}
}
