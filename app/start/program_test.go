//go:build linux

package start_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/start"
	"keyfob/auth/authtest"
)

// place is a folder with this test as keyfob, which says what [start.Beside] is.
type place struct {
	t            *testing.T
	dir          string
	self, beside string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := &place{t: t, dir: dir, self: filepath.Join(dir, "keyfob"), beside: filepath.Join(dir, "keyfob-tray")}
	p.copy(p.self)
	p.copy(p.beside)
	return p
}

// copy puts this test's program at path.
func (p *place) copy(path string) {
	p.t.Helper()
	self, err := start.Itself()
	if err == nil {
		err = exec.Command("cp", self, path).Run()
	}
	if err == nil {
		err = os.Chmod(path, 0o755)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

// asked is what the program at path finds beside itself.
func (p *place) asked(path string, args ...string) string {
	p.t.Helper()
	cmd := exec.Command(path, append(args, "beside")...)
	decoy := p.t.TempDir()
	for _, name := range []string{"keyfob", "keyfob-tray"} {
		if err := os.WriteFile(filepath.Join(decoy, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			p.t.Fatal(err)
		}
	}
	cmd.Dir, cmd.Env = decoy, []string{"PATH=" + decoy, "PWD=" + decoy}
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Errorf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestTheProgramBeside is in the folder of the program's own file, however that was
// called, and never one from PATH or the working directory.
func TestTheProgramBeside(t *testing.T) {
	p := newPlace(t)
	link := filepath.Join(t.TempDir(), "kf")
	if err := os.Symlink(p.self, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{p.self, link} {
		if got := p.asked(path); got != p.beside {
			t.Errorf("%s: got %s, want %s", path, got, p.beside)
		}
	}
	cmd := &exec.Cmd{Path: link, Args: []string{"kf", "beside"}} // as a shell calls what it found by PATH
	if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != p.beside {
		t.Errorf("got %s, %v", out, err)
	}
	for name, args := range map[string][]string{"removed": {"remove"}, "replaced": {"replace"}} {
		if got := p.asked(p.self, args...); got != p.beside {
			t.Errorf("its own file was %s: got %s, want %s", name, got, p.beside)
		}
		p.copy(p.self)
	}
}

// TestAProgramThatIsNotTrusted is not started.
func TestAProgramThatIsNotTrusted(t *testing.T) {
	for says, spoil := range map[string]func(path string) error{
		"there is no ": os.Remove,
		"is not a file, so it was not started": func(path string) error {
			_ = os.Remove(path)
			return os.Mkdir(path, 0o700)
		},
		"can be written by other users": func(path string) error { return os.Chmod(path, 0o757) },
		"is not executable":             func(path string) error { return os.Chmod(path, 0o644) },
	} {
		p := newPlace(t)
		if err := spoil(p.beside); err != nil {
			t.Fatal(err)
		}
		if got := p.asked(p.self); !strings.Contains(got, says) || !strings.Contains(got, p.beside) ||
			!strings.Contains(got, "install Keyfob again") {
			t.Errorf("got %q, want %q", got, says)
		}
	}
}

// TestAProgramOfAnotherUser is started only where this program is that user's, too.
func TestAProgramOfAnotherUser(t *testing.T) {
	authtest.NeedRoot(t, "gives programs to another user")
	const other, group = 4711, 4712
	for _, tc := range []struct {
		self, uid, gid int
		mode           os.FileMode
		says           string // or the program
	}{
		{0, other, other, 0o755, "belongs to another user, so it was not started"},
		{other, other, other, 0o755, ""},
		{0, 0, 0, 0o775, ""},
		{other, other, other, 0o775, ""}, // a group of the user's own
		{0, 0, group, 0o775, "can be written by other users"},
	} {
		p := newPlace(t)
		for path, err := range map[string]error{
			p.self: os.Chown(p.self, tc.self, tc.self), p.beside: os.Chown(p.beside, tc.uid, tc.gid),
		} {
			if err != nil {
				t.Fatal(path, err)
			}
		}
		if err := os.Chmod(p.beside, tc.mode); err != nil {
			t.Fatal(err)
		}
		got := p.asked(p.self)
		if tc.says == "" && got != p.beside || !strings.Contains(got, tc.says) {
			t.Errorf("%+v: got %s", tc, got)
		}
	}
}
