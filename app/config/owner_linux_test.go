package config_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"keyfob/auth/authtest"
)

// TestAnothersSettings has a user change settings that belong to somebody else,
// in a folder of their own: they are left as they are, and whose they are is
// told.
func TestAnothersSettings(t *testing.T) {
	authtest.NeedRoot(t, "another user takes part")
	const ann = 61001
	dir := t.TempDir()
	for d := dir; len(d) > len(os.TempDir()); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	home, self := filepath.Join(dir, "ann"), filepath.Join(dir, "test")
	program, err := os.ReadFile(os.Args[0])
	if err := errors.Join(err, os.WriteFile(self, program, 0o755), os.Mkdir(home, 0o700), os.Chown(home, ann, ann)); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		owner int
		mode  os.FileMode
		want  string
	}{
		"root's, which all can read": {0, 0o644, "(it belongs to root): change it as that user, or have its owner set to you with chown"},
		"root's alone":               {0, 0o600, "(permission denied): make the file readable by you"},
		"another user's":             {61002, 0o666, "(it belongs to user 61002): change it as that user"},
		"her own":                    {ann, 0o600, ""},
	} {
		path := filepath.Join(home, "keyfob.toml")
		if err := errors.Join(
			os.WriteFile(path, []byte(good), 0o600), os.Chmod(path, tt.mode), os.Chown(path, tt.owner, tt.owner),
		); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self)
		cmd.Dir, cmd.Env = "/", append(os.Environ(), fmt.Sprintf("%s=%s|new", changer, path))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: ann, Gid: ann}}
		out, err := cmd.CombinedOutput()
		if (err == nil) != (tt.want == "") || !strings.Contains(string(out), tt.want) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if text := read(t, path); (text == good) != (tt.want != "") {
			t.Errorf("%s: the file holds\n%s", name, text)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}
