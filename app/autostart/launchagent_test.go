//go:build unix

package autostart_test

import (
	"encoding/xml"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/autostart"
	"keyfob/auth"
)

func TestLaunchAgent(t *testing.T) {
	self := program(t, "<My> & co/keyfob")
	l := autostart.LaunchAgent{Program: self, Dir: filepath.Join(t.TempDir(), "LaunchAgents")}
	file := filepath.Join(l.Dir, "keyfob.plist")
	wantState(t, l, autostart.State{Place: file})
	if err := l.Off(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := l.On(false); err != nil {
			t.Fatal(err)
		}
		wantState(t, l, autostart.State{On: true, Place: file, Program: self})
	}
	if err := xml.Unmarshal([]byte(read(t, file)), new(struct{})); err != nil ||
		!strings.Contains(read(t, file), "<string>"+filepath.Dir(filepath.Dir(self))+"/&lt;My&gt; &amp; co/keyfob</string>") {
		t.Errorf("%v\n%s", err, read(t, file))
	}
	moved := l
	moved.Program = program(t, "keyfob")
	wantState(
		t,
		moved,
		autostart.State{
			On:      true,
			Place:   file,
			Program: self,
			Note:    "that is not this program, which is " + moved.Program + "; `keyfob autostart on` names this one",
		},
	)
	if err := l.Off(); err != nil {
		t.Fatal(err)
	}
	wantState(t, l, autostart.State{Place: file})

	const other = "<plist><dict><array><string>/bin/sh</string></array></dict></plist>"
	put(t, file, other)
	var e *auth.Error
	for _, err := range []error{l.On(false), l.Off()} {
		if !errors.As(err, &e) || e.Code != auth.CodeAutostartForeign || read(t, file) != other {
			t.Errorf("%v\n%s", err, read(t, file))
		}
	}
	if err := l.On(true); err != nil {
		t.Fatal(err)
	}
	wantState(t, l, autostart.State{On: true, Place: file, Program: self})
	put(t, file, "oops")
	wantState(t, l, autostart.State{Place: file, Note: "it cannot be read; `keyfob autostart on --replace` writes it anew"})
}
