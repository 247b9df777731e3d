//go:build unix

package autostart_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/autostart"
)

// installation is keyfob-tray with keyfob beside it, in a folder of their own.
func installation(t *testing.T) (tray, command string) {
	t.Helper()
	tray = program(t, "keyfob-tray")
	command = filepath.Join(filepath.Dir(tray), "keyfob")
	put(t, command, "#!/bin/sh\n")
	if err := os.Chmod(command, 0o755); err != nil {
		t.Fatal(err)
	}
	return tray, command
}

// old is an entry of the time when keyfob was the whole program.
func old(program string) string {
	return "[Desktop Entry]\nType=Application\nName=Keyfob\nExec=" + program + "\nIcon=keyfob\nX-GNOME-Autostart-enabled=true\nX-Keyfob-Autostart=true\n"
}

func TestUpdate(t *testing.T) {
	tray, command := installation(t)
	_, elsewhere := installation(t)
	link := filepath.Join(t.TempDir(), "keyfob")
	if err := os.Symlink(command, link); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(t.TempDir(), "keyfob")
	changed := func(text, program string) string {
		text = strings.Replace(text, "Exec="+program+"\n", "", 1)
		return strings.Replace(text, "[Desktop Entry]\n", "[Desktop Entry]\nExec="+tray+"\n", 1)
	}
	for _, tt := range []struct {
		name, entry, want string // want is empty where nothing changes
	}{
		{"beside", old(command), changed(old(command), command)},
		{"by a link", old(link), changed(old(link), link)},
		{"gone", old(gone), changed(old(gone), gone)},
		{
			"switched off, with more in it",
			"# mine\n" + old(command) + "Hidden=true\nX-Mine=1\n[Desktop Action a]\nExec=" + command + "\n",
			"# mine\n" + changed(old(command), command) + "Hidden=true\nX-Mine=1\n[Desktop Action a]\nExec=" + command + "\n",
		},
		{"another installation", old(elsewhere), ""},
		{"up to date", old(tray), ""},
		{"something else", old("/bin/sh"), ""},
		{"somebody else's", strings.Replace(old(command), "X-Keyfob-Autostart=true\n", "", 1), ""},
		{"hidden", "[Desktop Entry]\nType=Application\nName=Keyfob\nExec=true\nHidden=true\nX-Keyfob-Autostart=true\n", ""},
		{"no entry", "oops", ""},
	} {
		x := xdg(t, tray)
		put(t, own(x), tt.entry)
		want := tt.want
		if want == "" {
			want = tt.entry
		}
		for range 2 {
			if err := x.Update(); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			if got := read(t, own(x)); got != want {
				t.Errorf("%s: the entry is\n%s\nwant\n%s", tt.name, got, want)
			}
		}
	}

	x := xdg(t, tray)
	if err := x.Update(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(own(x)); err == nil {
		t.Error("an entry was made where there was none")
	}
	// The whole program under its old name, alone.
	lone := xdg(t, program(t, "keyfob"))
	put(t, own(lone), old(command))
	if err := lone.Update(); err != nil || read(t, own(lone)) != old(command) {
		t.Errorf("%v\n%s", err, read(t, own(lone)))
	}
}

// TestTheCommandBesideIsAsGood: an entry that starts keyfob starts the
// keyfob-tray beside it.
func TestTheCommandBesideIsAsGood(t *testing.T) {
	tray, command := installation(t)
	x := xdg(t, tray)
	entry := "[Desktop Entry]\nType=Application\nName=Mine\nExec=" + command + "\n"
	put(t, own(x), entry)
	wantState(t, x, autostart.State{On: true, Place: own(x), Program: command})
	if err := x.On(false); err != nil || read(t, own(x)) != entry {
		t.Errorf("%v\n%s", err, read(t, own(x)))
	}
}

func TestUpdateLaunchAgent(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "<My> & co")
	tray, command := filepath.Join(folder, "keyfob-tray"), filepath.Join(folder, "keyfob")
	for _, path := range []string{tray, command} {
		put(t, path, "#!/bin/sh\n")
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	l := autostart.LaunchAgent{Program: command, Dir: filepath.Join(t.TempDir(), "LaunchAgents")}
	file := filepath.Join(l.Dir, "keyfob.plist")
	if err := l.On(false); err != nil {
		t.Fatal(err)
	}
	before := read(t, file)
	l.Program = tray
	for range 2 {
		if err := l.Update(); err != nil {
			t.Fatal(err)
		}
		wantState(t, l, autostart.State{On: true, Place: file, Program: tray})
		if got := read(t, file); got != strings.Replace(before, "co/keyfob<", "co/keyfob-tray<", 1) {
			t.Errorf("the agent is\n%s", got)
		}
	}
	for _, other := range []string{
		"oops <!-- made by keyfob autostart on -->",
		strings.Replace(before, "<!-- made by keyfob autostart on -->", "", 1), // somebody else's
	} {
		put(t, file, other)
		if err := l.Update(); err != nil || read(t, file) != other {
			t.Errorf("%v\n%s", err, read(t, file))
		}
	}
}
