//go:build unix

package autostart_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keyfob/app/autostart"
	"keyfob/auth"
)

// program makes a program of this name, in a folder of its own.
func program(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho started\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

func xdg(t *testing.T, program string) autostart.XDG {
	t.Helper()
	dir := t.TempDir()
	x, err := autostart.NewXDG(program, func(name string) string {
		return map[string]string{"HOME": dir, "XDG_CONFIG_DIRS": filepath.Join(dir, "etc") + ":relative:" + filepath.Join(dir, "usr")}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func own(x autostart.XDG) string { return filepath.Join(x.Dir, "keyfob.desktop") }

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func wantState(t *testing.T, s autostart.Starter, want autostart.State) {
	t.Helper()
	if got, err := s.Status(); err != nil || got != want {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
}

func TestOnAndOff(t *testing.T) {
	self := program(t, "keyfob")
	x := xdg(t, self)
	wantState(t, x, autostart.State{Place: own(x)})
	if err := x.Off(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := x.On(false); err != nil {
			t.Fatal(err)
		}
		wantState(t, x, autostart.State{On: true, Place: own(x), Program: self})
	}

	// An update moved the program.
	moved := x
	moved.Program = program(t, "keyfob")
	wantState(
		t,
		moved,
		autostart.State{
			On:      true,
			Place:   own(x),
			Program: self,
			Note:    "that is not this program, which is " + moved.Program + "; `keyfob autostart on` names this one",
		},
	)
	if err := os.Remove(self); err != nil {
		t.Fatal(err)
	}
	wantState(
		t,
		moved,
		autostart.State{On: true, Place: own(x), Program: self, Note: "there is no such program; `keyfob autostart on` names this one"},
	)
	if err := moved.On(false); err != nil {
		t.Fatal(err)
	}
	wantState(t, moved, autostart.State{On: true, Place: own(x), Program: moved.Program})

	if err := moved.Off(); err != nil {
		t.Fatal(err)
	}
	wantState(t, moved, autostart.State{Place: own(x)})
	if left, err := os.ReadDir(x.Dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestFolders keeps to the base directory specification.
func TestFolders(t *testing.T) {
	for _, tt := range []struct {
		env    map[string]string
		dir    string
		system []string
	}{
		{map[string]string{"HOME": "/home/ann"}, "/home/ann/.config/autostart", []string{"/etc/xdg/autostart"}},
		{
			map[string]string{"HOME": "/home/ann", "XDG_CONFIG_HOME": "/c", "XDG_CONFIG_DIRS": "/a:b:/d"},
			"/c/autostart",
			[]string{"/a/autostart", "/d/autostart"},
		},
		{map[string]string{"HOME": "/home/ann", "XDG_CONFIG_HOME": "c"}, "/home/ann/.config/autostart", []string{"/etc/xdg/autostart"}},
	} {
		x, err := autostart.NewXDG("/bin/keyfob", func(name string) string { return tt.env[name] })
		if err != nil || x.Dir != tt.dir || !slices.Equal(x.System, tt.system) {
			t.Errorf("%v: %+v %v", tt.env, x, err)
		}
	}
	if _, err := autostart.NewXDG("/bin/keyfob", func(string) string { return "" }); err == nil {
		t.Error("no home is no error")
	}
}

// TestForeignEntry leaves alone what somebody else made.
func TestForeignEntry(t *testing.T) {
	self := program(t, "keyfob")
	other := program(t, "other")
	const head = "# mine\n[Desktop Entry]\nType=Application\nName=Mine\n"
	x := xdg(t, self)
	put(t, own(x), head+"Exec="+other+" --tray\n[Desktop Action x]\nExec=no\n")
	wantState(
		t,
		x,
		autostart.State{
			On:      true,
			Place:   own(x),
			Program: other,
			Note:    "that is not this program, which is " + self + "; `keyfob autostart on` names this one",
		},
	)
	var e *auth.Error
	if err := x.On(false); !errors.As(err, &e) || e.Code != auth.CodeAutostartForeign || !strings.Contains(e.Error(), own(x)) {
		t.Errorf("replaced: %v", err)
	}
	if err := x.Off(); err != nil {
		t.Fatal(err)
	}
	wantState(t, x, autostart.State{Place: own(x)})
	if got := read(t, own(x)); got != strings.Replace(
		head,
		"[Desktop Entry]\n",
		"[Desktop Entry]\nHidden=true\n",
		1,
	)+"Exec="+other+" --tray\n[Desktop Action x]\nExec=no\n" {
		t.Errorf("the entry is\n%s", got)
	}
	if err := x.On(true); err != nil {
		t.Fatal(err)
	}
	wantState(t, x, autostart.State{On: true, Place: own(x), Program: self})

	// One that a desktop's own settings made for this very program.
	put(t, own(x), head+"Exec="+self+"\n")
	if err := x.On(false); err != nil {
		t.Error(err)
	}
	if got := read(t, own(x)); got != head+"Exec="+self+"\n" {
		t.Errorf("it was changed to\n%s", got)
	}
	for _, off := range []string{"Hidden=true\n", "X-GNOME-Autostart-enabled=false\n", "Hidden = true\n"} {
		put(t, own(x), head+"Exec="+self+"\n"+off)
		wantState(t, x, autostart.State{Place: own(x)})
		if err := x.Off(); err != nil || read(t, own(x)) != head+"Exec="+self+"\n"+off {
			t.Errorf("%q: %v\n%s", off, err, read(t, own(x)))
		}
	}
	put(t, own(x), "Exec=keyfob\n") // in no group
	wantState(t, x, autostart.State{Place: own(x)})
}

// TestSystemEntry is for a package that starts Keyfob for everybody.
func TestSystemEntry(t *testing.T) {
	self := program(t, "keyfob")
	x := xdg(t, self)
	everybody := filepath.Join(x.System[1], "keyfob.desktop")
	put(t, everybody, "[Desktop Entry]\nType=Application\nName=Keyfob\nExec="+self+"\n")
	wantState(t, x, autostart.State{On: true, Place: everybody, Program: self})
	if err := x.On(false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(own(x)); err == nil {
		t.Error("an entry of one's own was made beside it")
	}
	for range 2 {
		if err := x.Off(); err != nil {
			t.Fatal(err)
		}
		wantState(t, x, autostart.State{Place: own(x)})
	}
	if err := x.On(false); err != nil {
		t.Fatal(err)
	}
	wantState(t, x, autostart.State{On: true, Place: own(x), Program: self})
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
