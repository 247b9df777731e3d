package folders_test

import (
	"path/filepath"
	"runtime"
	"testing"

	"keyfob/app/folders"
	"keyfob/auth/authtest"
)

func TestStateDir(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		authtest.NotHere(t, "the folder is another on %s", runtime.GOOS)
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	for _, tt := range []struct{ name, env, want string }{
		{"unset", "", filepath.Join(home, ".local", "state", "keyfob")},
		{"relative", "state", filepath.Join(home, ".local", "state", "keyfob")},
		{"set", filepath.Join(home, "elsewhere"), filepath.Join(home, "elsewhere", "keyfob")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("XDG_STATE_HOME", tt.env)
			if got, err := folders.StateDir(); err != nil || got != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("HOME", "")
	if got, err := folders.StateDir(); err == nil {
		t.Errorf("without a home: %q", got)
	}
}
