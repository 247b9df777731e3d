package keychain

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// otherProgram is this test program under another file.
func otherProgram(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "keyfob")
	if err := os.WriteFile(copied, b, 0o700); err != nil {
		t.Fatal(err)
	}
	return copied
}

// TestTheHelperServesNoStranger asks it as a script does, through a pipe, and as
// another program that knows the protocol.
func TestTheHelperServesNoStranger(t *testing.T) {
	t.Run("a pipe", func(t *testing.T) {
		argv := helperArgv(t, "serve")
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Stdin = strings.NewReader(`{"op":"load","service":"keyfob","tool":"plant4","within":60000000000}`)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "it is for keyfob's own use") {
			t.Errorf("it ended with %v: %s", err, out)
		}
	})
	t.Run("another program", func(t *testing.T) {
		seen := filepath.Join(t.TempDir(), "seen")
		c := newChild(t, "keyfob-test", []string{otherProgram(t), helperVerb, "spy", seen}, patience)
		if _, err := c.Load(t.Context(), tool); code(err) != auth.CodeKeychainFailed {
			t.Errorf("err = %v", err)
		}
		if _, err := os.Stat(seen); err != nil {
			t.Errorf("it did not run: %v", err)
		}
	})
	t.Run("somebody else's socket", func(t *testing.T) { // such as one that a launcher has made
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		mine, its := os.NewFile(uintptr(fds[0]), "mine"), os.NewFile(uintptr(fds[1]), "its")
		defer mine.Close()
		argv := helperArgv(t, "serve")
		cmd := exec.Command("sh", append([]string{"-c", `"$@"; exit $?`, "sh"}, argv...)...)
		cmd.Stdin = its
		out, err := cmd.CombinedOutput()
		_ = its.Close()
		if err == nil || !strings.Contains(string(out), "it is for keyfob's own use") {
			t.Errorf("it ended with %v: %s", err, out)
		}
	})
}

// TestAnotherUsersHelper runs parent and helper as a user who is not root, the
// parent unreadable as Keyfob's processes are: the helper serves it all the
// same. Neither leaves a core, whatever the limit says.
func TestAnotherUsersHelper(t *testing.T) {
	authtest.NeedRoot(t, "it becomes another user")
	dir, err := os.MkdirTemp("", "kfcore") // below a folder that the other user can pass
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"hidden parent", "hidden crash", "open crash"} {
		cmd := exec.Command("/proc/self/exe", helperVerb, part)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOTRACEBACK=crash", "TMPDIR=/tmp")
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		switch errors.As(err, &exit); part {
		case "hidden parent":
			if err != nil || string(out) != "nothing is stored" {
				t.Errorf("%s: %v, %s", part, err, out)
			}
		default:
			if exit == nil {
				t.Fatalf("%s: %v", part, err)
			}
			dumped := exit.Sys().(syscall.WaitStatus).CoreDump()
			t.Logf("%s: %v, dumped: %v", part, err, dumped)
			if part == "hidden crash" && dumped {
				t.Error("a core was dumped")
			}
		}
	}
}
