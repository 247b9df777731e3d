//go:build unix

package server_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestStrangeFolder puts something else where the engine's folder should be.
// Neither end may use it, and nothing may change in it.
func TestStrangeFolder(t *testing.T) {
	for _, tt := range []struct {
		name string
		make func(t *testing.T, dir string) error
		want string
	}{
		{"link", func(t *testing.T, dir string) error {
			return errors.Join(os.Mkdir(dir+"-real", 0o700), os.Symlink(dir+"-real", dir))
		}, "is a link"},
		{"link to nothing", func(t *testing.T, dir string) error { return os.Symlink(dir+"-nothing", dir) }, "is a link"},
		{"file", func(t *testing.T, dir string) error { return os.WriteFile(dir, nil, 0o600) }, "is not a folder"},
		{"another user's", func(t *testing.T, dir string) error {
			authtest.NeedRoot(t, "a folder is given away")
			return errors.Join(os.Mkdir(dir, 0o700), os.Chown(dir, 12345, 12345))
		}, "belongs to another user"},
		{"writable by all", func(t *testing.T, dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, 0o777))
		}, "can be written by other users"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := folder(t)
			if err := tt.make(t, dir); err != nil {
				t.Fatal(err)
			}
			before := list(t, filepath.Dir(dir))
			want := "keyfob's folder " + dir + " " + tt.want + ": remove it, or set XDG_RUNTIME_DIR to a folder of your own"
			if _, err := server.Listen(dir); err == nil || err.Error() != want {
				t.Errorf("listen: %v", err)
			}
			if _, err := agent.Dial(t.Context(), dir); err == nil || err.Error() != want {
				t.Errorf("dial: %v", err)
			}
			if after := list(t, filepath.Dir(dir)); after != before {
				t.Errorf("changed:\n%s\n%s", before, after)
			}
		})
	}
}

// list names everything below dir with its mode.
func list(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			all.WriteString(path + " " + info.Mode().String() + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestModes(t *testing.T) {
	dir := folder(t)
	if err := os.Mkdir(dir, 0o755); err != nil { // as a careless program might
		t.Fatal(err)
	}
	serve(t, dir, engine())
	for path, want := range map[string]fs.FileMode{
		dir:                               fs.ModeDir | 0o700,
		filepath.Join(dir, "agent.sock"):  fs.ModeSocket | 0o600,
		filepath.Join(dir, "engine.lock"): 0o600,
	} {
		if info, err := os.Lstat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v, want %v", filepath.Base(path), info.Mode(), err, want)
		}
	}
}

func TestNoEngine(t *testing.T) {
	dir := folder(t)
	if _, err := agent.Dial(t.Context(), dir); !errors.Is(err, agent.ErrNoAgent) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("asking made the folder: %v", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := agent.Dial(t.Context(), dir); !errors.Is(err, agent.ErrNoAgent) {
		t.Errorf("empty folder: %v", err)
	}
}

// TestInTheWay checks that only a socket is ever cleared away.
func TestInTheWay(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "agent.sock")
	if err := errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(path, []byte("mine"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Listen(dir); auth.KindOf(err) != auth.KindFailed {
		t.Errorf("got %v", err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "mine" {
		t.Errorf("the file: %q, %v", data, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	serve(t, dir, engine()) // the failed start left no lock behind
}

func TestLongPath(t *testing.T) {
	dir := filepath.Join(folder(t), strings.Repeat("long", 24))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"listen": second(server.Listen(dir)), "dial": second(agent.Dial(t.Context(), dir))} {
		if auth.KindOf(err) != auth.KindSetup || !strings.HasSuffix(err.Error(), ": set XDG_RUNTIME_DIR to a shorter folder") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
