//go:build unix

package folders_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"keyfob/app/folders"
	"keyfob/auth/authtest"
)

func TestSettings(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	want := filepath.Join(home, ".config", "keyfob", "keyfob.toml")
	if runtime.GOOS == "darwin" {
		want = filepath.Join(home, "Library", "Application Support", "keyfob", "keyfob.toml")
	}
	if got, err := folders.Settings(); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	t.Setenv("HOME", "")
	if got, err := folders.Settings(); err == nil {
		t.Errorf("without a home: %q", got)
	}
}

func TestRuntime(t *testing.T) {
	own := t.TempDir()
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	// What there is when the environment names no usable folder: the session's
	// own where the system has made one, else one below the temporary folder.
	uid := strconv.Itoa(os.Getuid())
	fallback := filepath.Join(tmp, "keyfob-"+uid)
	if _, err := os.Stat("/run/user/" + uid); err == nil && runtime.GOOS == "linux" {
		fallback = "/run/user/" + uid + "/keyfob"
	}
	file := filepath.Join(own, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	others := "/" // root's
	if os.Getuid() == 0 {
		others = filepath.Join(own, "others")
		if err := os.Mkdir(others, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(others, 12345, 12345); err != nil {
			authtest.NotHere(t, "a folder cannot be given away: %v", err)
		}
	}
	for _, tt := range []struct{ name, env, want string }{
		{"our own", own, filepath.Join(own, "keyfob")},
		{"unset", "", fallback},
		{"relative", "run", fallback},
		{"missing", filepath.Join(own, "missing"), fallback},
		{"a file", file, fallback},
		{"another user's", others, fallback},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("XDG_RUNTIME_DIR", tt.env)
			if got, err := folders.Runtime(); err != nil || got != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}
