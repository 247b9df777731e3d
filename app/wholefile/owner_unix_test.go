//go:build unix

package wholefile_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"keyfob/app/wholefile"
	"keyfob/auth/authtest"
)

// asOther is the file that this process, started by a test as another user,
// writes.
const asOther = "KEYFOB_TEST_WRITES"

func TestMain(m *testing.M) {
	if path := os.Getenv(asOther); path != "" {
		if err := wholefile.Write(context.Background(), path, []byte("new"), 0o600); err != nil {
			fmt.Print(err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestKeepsPermissions holds that a file stays as open or closed as it was, and
// that a new one is as closed as it is asked to be, whatever the umask.
func TestKeepsPermissions(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	for _, umask := range []int{0, 0o022, 0o777} {
		dir := t.TempDir()
		syscall.Umask(umask)
		for _, old := range []os.FileMode{0, 0o600, 0o640, 0o644, 0o664, 0o400} {
			path := filepath.Join(dir, fmt.Sprintf("%o", old))
			want := os.FileMode(0o600)
			if old != 0 {
				want = old
				if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, old)); err != nil {
					t.Fatal(err)
				}
			}
			if err := wholefile.Write(t.Context(), path, []byte("new"), 0o600); err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(path); err != nil || info.Mode() != want {
				t.Errorf("umask %04o: %v, %v, want %v", umask, info.Mode(), err, want)
			}
		}
		syscall.Umask(0)
	}
}

// TestLinkIsReplaced does not write to where a link leads.
func TestLinkIsReplaced(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, []byte("old"), 0o644), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	if err := wholefile.Write(t.Context(), link, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "old" {
		t.Errorf("the file behind the link holds %q, %v", b, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode() != 0o600 {
		t.Errorf("the link is %v, %v", info, err)
	}
}

// TestKeepsOwner has root write another user's files, as under sudo, and that
// user and a third one write what they may.
func TestKeepsOwner(t *testing.T) {
	authtest.NeedRoot(t, "several users take part")
	const ann, bob, staff = 61001, 61002, 61003
	dir := t.TempDir()
	for d := dir; len(d) > len(os.TempDir()); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	home := filepath.Join(dir, "ann")
	if err := errors.Join(os.Mkdir(home, 0o777), os.Chmod(home, 0o777), os.Chown(home, ann, ann)); err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(home, name) }
	file := func(name string, uid, gid int, mode os.FileMode) string {
		if err := errors.Join(
			os.WriteFile(at(name), []byte("old"), 0o600), os.Chown(at(name), uid, gid), os.Chmod(at(name), mode),
		); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	for _, tt := range []struct {
		name     string
		path     string
		by       uint32
		uid, gid uint32
		mode     os.FileMode
		err      string
	}{
		{"root writes ann's", file("a", ann, staff, 0o640), 0, ann, staff, 0o640, ""},
		{"root makes one for ann", at("b"), 0, ann, ann, 0o600, ""},
		{"ann writes hers", file("c", ann, ann, 0o644), ann, ann, ann, 0o644, ""},
		{"ann writes hers of a group that she left", file("d", ann, staff, 0o660), ann, ann, ann, 0o600, ""},
		{"ann writes hers that all may read", file("e", ann, staff, 0o664), ann, ann, ann, 0o644, ""},
		{"bob writes ann's", file("f", ann, ann, 0o644), bob, ann, ann, 0o644, fmt.Sprintf("it belongs to user %d", ann)},
		{"ann writes root's", file("g", 0, 0, 0o644), ann, 0, 0, 0o644, "it belongs to root"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			self := filepath.Join(dir, "test")
			if _, err := os.Stat(self); err != nil {
				copyFile(t, os.Args[0], self)
			}
			cmd := exec.Command(self)
			cmd.Dir, cmd.Env = "/", append(os.Environ(), asOther+"="+tt.path)
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: tt.by, Gid: tt.by}}
			out, err := cmd.CombinedOutput()
			if err != nil || strings.TrimSpace(string(out)) != tt.err {
				t.Errorf("said %q, %v", out, err)
			}
			info, err := os.Stat(tt.path)
			if err != nil {
				t.Fatal(err)
			}
			st := info.Sys().(*syscall.Stat_t)
			if st.Uid != tt.uid || st.Gid != tt.gid || info.Mode().Perm() != tt.mode {
				t.Errorf("it belongs to %d:%d with %v", st.Uid, st.Gid, info.Mode())
			}
			want := "new"
			if tt.err != "" {
				want = "old"
			}
			if b, err := os.ReadFile(tt.path); err != nil || string(b) != want {
				t.Errorf("it holds %q, %v", b, err)
			}
		})
	}
	if left, err := filepath.Glob(filepath.Join(home, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
}
