//go:build unix

package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/config"
	"keyfob/auth/authtest"
)

// TestUntrusted holds that files which others can replace are not used, that
// none of this is passed over in silence, and where the fault is.
func TestUntrusted(t *testing.T) {
	const more = `, so none of the tools in DIR is used`
	for _, tt := range []struct {
		name    string
		root    bool // only root can prepare it
		prepare func(t *testing.T, top, dir string)
		want    string // in the words for what was passed over
	}{
		{
			"the folder", false, func(t *testing.T, _, dir string) { mode(0o775)(t, "", dir) },
			`DIR can be changed by others than OWNER (its mode is 0775), so none of its tools is used: ask the administrator of this ` +
				`machine to run ` + "`chmod go-w` on it",
		},
		{
			"a parent", false, func(t *testing.T, _, dir string) { mode(0o777)(t, "", filepath.Dir(dir)) },
			`TOP/etc/keyfob can be changed by others than OWNER (its mode is 0777)` + more + ": ask the administrator of this machine " +
				"to run `chmod go-w` on it",
		},
		{
			"a parent with the sticky bit", false,
			func(t *testing.T, top, _ string) { mode(0o777|os.ModeSticky)(t, "", filepath.Join(top, "etc")) },
			`TOP/etc can be changed by others than OWNER (its mode is 0777)` + more + ": ask the administrator of this machine to run " +
				"`chmod go-w` on it",
		},
		{"moved away from a folder of everybody", false, func(t *testing.T, _, dir string) {
			mode(0o777)(t, "", filepath.Dir(dir))
			if err := os.Rename(dir, filepath.Join(t.TempDir(), "away")); err != nil {
				t.Fatal(err)
			}
		}, `TOP/etc/keyfob can be changed by others than OWNER (its mode is 0777)` + more},
		{"a link to a folder of everybody", false, func(t *testing.T, top, dir string) {
			open := filepath.Join(top, "open")
			if err := errors.Join(
				os.Mkdir(open, 0o777), os.Rename(dir, filepath.Join(open, "d")), os.Symlink("../../open/d", dir),
			); err != nil {
				t.Fatal(err)
			}
			mode(0o777)(t, "", open)
		}, `TOP/open can be changed by others than OWNER (its mode is 0777)` + more},
		{
			"another's folder", true, func(t *testing.T, _, dir string) { give(t, dir) },
			`DIR belongs to another user than OWNER, so none of its tools is used`,
		},
		{
			"another's parent", true, func(t *testing.T, _, dir string) { give(t, filepath.Dir(dir)) },
			`TOP/etc/keyfob belongs to another user than OWNER` + more,
		},
		{
			"another's file", true, func(t *testing.T, _, dir string) { give(t, filepath.Join(dir, "10.toml")) },
			"DIR/10.toml belongs to another user than OWNER, so none of its tools is used: ask the administrator of this machine to " +
				"run `chown root` on it",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.root {
				authtest.NeedRoot(t, "a file is given away")
			}
			system := underRoot(t, map[string]string{"10.toml": table("a", "A")})
			if s, err := config.LoadAll(write(t, good), system); err != nil || len(s.Tools) != 2 || len(s.Ignored) > 0 {
				t.Fatalf("before: %v %v %v", s.Tools, s.Ignored, err)
			}
			tt.prepare(t, system.Top, system.Dir)
			s, err := config.LoadAll(write(t, good), system)
			if err != nil || len(s.Tools) != 1 {
				t.Errorf("tools %v, %v", s.Tools, err)
			}
			if got := ignored(s, system); len(got) != 1 || !strings.Contains(got[0], tt.want) {
				t.Errorf("\ngot  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestUntrustedCAFile takes a tool out whose certificate authorities others can
// change.
func TestUntrustedCAFile(t *testing.T) {
	system := underRoot(t, nil)
	etc := filepath.Dir(filepath.Dir(system.Dir))
	if err := os.MkdirAll(filepath.Join(etc, "home", "ann"), 0o755); err != nil {
		t.Fatal(err)
	}
	mode(0o777)(t, "", filepath.Join(etc, "home", "ann"))
	for i, tt := range []struct{ ca, want string }{
		{filepath.Join(etc, "ca.pem"), ""},
		{"../../ca.pem", ""},
		{filepath.Join(etc, "none.pem"), ""}, // which nobody else can make
		{
			filepath.Join(etc, "open.pem"),
			"DIR/10.toml:5:1: ca_file: TOP/etc/open.pem can be changed by others than OWNER (its mode is 0666): ask the administrator " +
				"of this machine to run `chmod go-w` on it",
		},
		{
			filepath.Join(etc, "home", "ann", "none.pem"),
			"DIR/10.toml:5:1: ca_file: TOP/etc/home/ann, on the way to TOP/etc/home/ann/none.pem, can be changed by others than OWNER " +
				"(its mode is 0777): ask the administrator of this machine to run `chmod go-w` on it",
		},
	} {
		for name, m := range map[string]os.FileMode{"ca.pem": 0o644, "open.pem": 0o666} {
			if err := os.WriteFile(filepath.Join(etc, name), nil, m); err != nil {
				t.Fatal(err)
			}
			mode(m)(t, "", filepath.Join(etc, name))
		}
		file := filepath.Join(system.Dir, "10.toml")
		if err := os.WriteFile(file, []byte(table("a", "A")+"ca_file = \""+tt.ca+"\"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := config.LoadAll(write(t, good), system)
		if err != nil || len(s.Tools)+len(s.Bad) != 2 {
			t.Fatalf("%d: %v %v %v", i, s.Tools, s.Bad, err)
		}
		got := ""
		if len(s.Bad) > 0 {
			got = placeless(s.Bad[0].Err.Error(), system)
		}
		if got != tt.want {
			t.Errorf("%s:\ngot  %q\nwant %q", tt.ca, got, tt.want)
		}
	}
}

// underRoot makes an administrator's folder in a file system of its own, as far
// as permissions go.
func underRoot(t *testing.T, files map[string]string) config.System {
	t.Helper()
	top := t.TempDir()
	dir := filepath.Join(top, "etc", "keyfob", "keyfob.d")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for d := dir; len(d) >= len(top); d = filepath.Dir(d) {
		mode(0o755)(t, "", d)
	}
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		mode(0o644)(t, "", file)
	}
	return config.System{Dir: dir, Owner: os.Getuid(), Top: top}
}

// give has another user own a file.
func give(t *testing.T, file string) {
	t.Helper()
	if err := os.Chown(file, 1, 0); err != nil {
		t.Fatal(err)
	}
}

func mode(m os.FileMode) func(t *testing.T, dir, file string) {
	return func(t *testing.T, _, file string) {
		t.Helper()
		if err := os.Chmod(file, m); err != nil { // whatever the umask is
			t.Fatal(err)
		}
	}
}
