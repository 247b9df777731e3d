//go:build unix

package folders

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"keyfob/auth/authtest"
)

func TestDefaultSettings(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", "")
	want := filepath.Join(home, ".config", "keyfob", "keyfob.toml")
	if runtime.GOOS == "darwin" {
		want = filepath.Join(home, "Library", "Application Support", "keyfob", "keyfob.toml")
	}
	if got, err := DefaultSettings(); err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	t.Setenv("HOME", "")
	if got, err := DefaultSettings(); err == nil {
		t.Errorf("without a home: %q", got)
	}
}

// TestRuntimeDir asks for the folder in the environments that programs of one
// user are started in: with a session's folder, its name, both or neither.
func TestRuntimeDir(t *testing.T) {
	own, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", t.TempDir()) // which is nobody's answer
	session := filepath.Join(t.TempDir(), "user", "1000")
	others := "/" // root's
	if os.Getuid() == 0 {
		others = filepath.Join(own, "others")
	}
	for _, dir := range []string{filepath.Join(own, "snap.code"), filepath.Join(session, "snap.code"), session + "0", others} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getuid() == 0 {
		if err := os.Chown(others, 12345, 12345); err != nil {
			authtest.NotHere(t, "a folder cannot be given away: %v", err)
		}
	}
	file, link := filepath.Join(own, "file"), filepath.Join(own, "link")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(session), link); err != nil {
		t.Fatal(err)
	}
	with, without := places{session, temp, "1000"}, places{session + "1", temp, "1000"}
	in, tmp := filepath.Join(session, "keyfob"), filepath.Join(temp, "keyfob-1000")
	for _, tt := range []struct {
		name, env string
		places    places
		want      string
	}{
		{"the session's", session, with, in},
		{"the session's, by another path", link + "/1000/", with, in},
		{"a snap's", filepath.Join(session, "snap.code"), with, in},
		{"a snap's, by another path", link + "/1000/snap.code", with, in},
		{"a snap's that was never made", filepath.Join(session, "snap.gone"), with, in},
		{"one that the person chose", own, with, filepath.Join(own, "keyfob")},
		{"like a snap's, elsewhere", filepath.Join(own, "snap.code"), with, filepath.Join(own, "snap.code", "keyfob")},
		{"not named", "", with, in},
		{"relative", "run", with, in},
		{"missing", filepath.Join(own, "missing"), with, in},
		{"a file", file, with, in},
		{"another user's", others, with, in},
		{"one that the person chose, without a session", own, without, filepath.Join(own, "keyfob")},
		{"whose name begins like the session's", session + "0", with, filepath.Join(session+"0", "keyfob")},
		{"not named, without a session", "", without, tmp},
		{"missing, without a session", filepath.Join(own, "missing"), without, tmp},
		{"another user's, without a session", others, without, tmp},
		{"a system without sessions", "", places{"", temp, "1000"}, tmp},
	} {
		if got := tt.places.runtime(tt.env); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestRuntimeDirIsNotBesideTheShellsTemporaryFiles: nix-shell and batch systems
// give each shell a folder of its own.
func TestRuntimeDirIsNotBesideTheShellsTemporaryFiles(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("XDG_RUNTIME_DIR", "")
	got, err := RuntimeDir()
	if err != nil || strings.HasPrefix(got, tmp) {
		t.Errorf("got %q, %v", got, err)
	}
	if uid := usual().user; got != "/tmp/keyfob-"+uid && got != "/run/user/"+uid+"/keyfob" {
		t.Errorf("got %q", got)
	}
}

// TestEarlierRuntimeDirs names what earlier versions came to in the same
// environments.
func TestEarlierRuntimeDirs(t *testing.T) {
	for _, tt := range []struct {
		env, temp string
		places    places
		want      []string
	}{
		{"", "/tmp", places{"/run/user/7", "/tmp", "7"}, []string{"/run/user/7/keyfob", "/tmp/keyfob-7"}},
		{"", "/tmp/nix", places{"", "/tmp", "7"}, []string{"/tmp/nix/keyfob-7"}},
		{"run", "tmp", places{"", "/tmp", "7"}, nil},
		{
			"/run/user/7/snap.code", "/tmp/nix",
			places{"/run/user/7", "/tmp", "7"},
			[]string{"/run/user/7/snap.code/keyfob", "/run/user/7/keyfob", "/tmp/nix/keyfob-7"},
		},
	} {
		if got := tt.places.earlier(tt.env, tt.temp); !slices.Equal(got, tt.want) {
			t.Errorf("%q and %q: got %v, want %v", tt.env, tt.temp, got, tt.want)
		}
	}
}
