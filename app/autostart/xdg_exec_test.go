//go:build unix

package autostart_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/autostart"
	"keyfob/auth/authtest"
)

// TestExec holds the quoting of the Exec key to what the specification says,
// and reads it back.
func TestExec(t *testing.T) {
	for path, want := range map[string]string{
		"/usr/bin/keyfob":      "/usr/bin/keyfob",
		"/opt/My Tools/keyfob": `"/opt/My Tools/keyfob"`,
		"/a/it's/keyfob":       `"/a/it's/keyfob"`,
		`/a/"q"/keyfob`:        `"/a/\\"q\\"/keyfob"`,
		"/a/$HOME/keyfob":      `"/a/\\$HOME/keyfob"`,
		"/a/`id`/keyfob":       "\"/a/\\\\`id\\\\`/keyfob\"",
		`/a/b\c/keyfob`:        `"/a/b\\\\c/keyfob"`,
		"/a/über;#~/keyfob":    `"/a/über;#~/keyfob"`,
	} {
		x := autostart.XDG{Program: path, Dir: t.TempDir()}
		if err := x.On(false); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if text := read(t, own(x)); !strings.Contains(text, "\nExec="+want+"\n") {
			t.Errorf("%s: want Exec=%s in\n%s", path, want, text)
		}
		if s, err := x.Status(); err != nil || s.Program != path {
			t.Errorf("%s is read back as %+v %v", path, s, err)
		}
	}
	for _, path := range []string{"keyfob", "", "/a/b=c/keyfob", "/a/100%/keyfob", "/a/%f/keyfob", "/a/b\nc/keyfob"} {
		x := autostart.XDG{Program: path, Dir: t.TempDir()}
		if err := x.On(false); err == nil {
			t.Errorf("%q was written:\n%s", path, read(t, own(x)))
		}
	}
}

// names are folders that a desktop may take for something else.
var names = []string{"plain", "My Tools", "it's", `"q"`, "$HOME", "`id`", `b\c`, `b\\c`, "über;#~", "a>b<c|d&e", "(x)*?", `\s\n`}

// TestDesktopStartsIt has GLib, which GNOME and Xfce start programs with, start
// the entry.
func TestDesktopStartsIt(t *testing.T) {
	authtest.Need(t, "gio")
	for _, name := range names {
		self := program(t, name+"/keyfob")
		out := filepath.Join(filepath.Dir(self), "started")
		put(
			t,
			self,
			"#!/bin/sh\necho \"$#\" >'"+strings.ReplaceAll(
				out,
				"'",
				`'\''`,
			)+".new'\nmv '"+strings.ReplaceAll(
				out,
				"'",
				`'\''`,
			)+".new' '"+strings.ReplaceAll(
				out,
				"'",
				`'\''`,
			)+"'\n",
		)
		x := xdg(t, self)
		if err := x.On(false); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command("gio", "launch", own(x)).CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s", name, err, said)
			continue
		}
		if got := wait(t, out); got != "0\n" {
			t.Errorf("%s: started with %q arguments", name, got)
		}
	}
}

// wait returns the text of a file as soon as it is there.
func wait(t *testing.T, path string) string {
	t.Helper()
	for range 1500 {
		if _, err := os.Stat(path); err == nil {
			return read(t, path)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("%s did not appear", path)
	return ""
}

// TestEntryIsValid has freedesktop's own program look at the entries.
func TestEntryIsValid(t *testing.T) {
	authtest.Need(t, "desktop-file-validate")
	var files []string
	for _, name := range names {
		x := xdg(t, program(t, name+"/keyfob"))
		if err := x.On(false); err != nil {
			t.Fatal(err)
		}
		files = append(files, own(x))
	}
	hidden := xdg(t, program(t, "keyfob"))
	put(t, filepath.Join(hidden.System[0], "keyfob.desktop"), read(t, files[0]))
	if err := hidden.Off(); err != nil {
		t.Fatal(err)
	}
	files = append(files, own(hidden), filepath.Join("..", "..", "assets", "keyfob.desktop"))
	for _, file := range files {
		if out, err := exec.Command("desktop-file-validate", file).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%v\n%s\n%s", err, out, read(t, file))
		}
	}
}
