// Package autostart has Keyfob started when the person logs in, in the way that
// each desktop has for it: a desktop entry, a login item of launchd, a value of
// the registry.
//
// It owns that one entry. It must never start anything itself, never ask for
// more rights than the person has, and never replace an entry that it did not
// make unless it is told to.
package autostart

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	"keyfob/app/wholefile"
	"keyfob/auth"
)

// Starter starts the program at login, or no longer. [Usual] is the one of this
// system.
type Starter interface {
	// On makes the entry, whose program is then this one. It returns an error
	// of [auth.CodeAutostartForeign] for an entry that Keyfob did not make and that starts
	// another program, unless replace says to replace it.
	On(replace bool) error
	// Off takes the entry away. One that Keyfob did not make is disabled where
	// the desktop knows that, and else left alone with an error of [auth.CodeAutostartForeign].
	Off() error
	// Update has an entry that Keyfob made under its old name, `keyfob`, start
	// this program by its new one. Everything else in it stays as the person left
	// it, and so does an entry that somebody else made.
	Update() error
	// Status says whether a login starts a program, and which.
	Status() (State, error)
}

// State is what a login does.
type State struct {
	On      bool   `json:"on"`
	Place   string `json:"place"`             // the file or registry value that says so; it may be missing while On is false
	Program string `json:"program,omitempty"` // what is started, while On is true
	Note    string `json:"note,omitempty"`    // what is wrong with that, or empty
}

// Self is the path that a login should start this program by. A link on PATH
// that leads here is better than where it leads to, which an update may move.
func Self() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeAutostart,
			What: "this program does not know its own path (" + err.Error() + ")",
			Do:   "start it by its full path",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	found, err := exec.LookPath(filepath.Base(self))
	if err == nil && filepath.IsAbs(found) && sameFile(found, self) {
		return found, nil
	}
	return self, nil
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// note says what is wrong with starting program where self should be started.
func note(program, self string) string {
	found, err := exec.LookPath(program)
	if err != nil {
		return "there is no such program; `keyfob autostart on` names this one"
	}
	if program = found; program != self && !sameFile(program, self) && !startsBeside(program, self) {
		return "that is not this program, which is " + self + "; `keyfob autostart on` names this one"
	}
	return ""
}

func failed(what string, err error) error {
	return &auth.Error{
		Kind: auth.KindFailed,
		Code: auth.CodeAutostart,
		What: what + " (" + err.Error() + ")",
		Do:   "look at its permissions",
		Who:  auth.WhoYou,
		Err:  err,
	}
}

func foreign(place string) error {
	return &auth.Error{
		Kind: auth.KindFailed,
		Code: auth.CodeAutostartForeign,
		What: place + " starts something else and was not made by keyfob, so it was left alone",
		Do:   "remove it, or replace it with `keyfob autostart on --replace`",
		Who:  auth.WhoYou,
	}
}

// write replaces what starts at login, for any program to read.
func write(path, text string) error {
	// No context: nothing is waited for on systems with such files.
	if err := wholefile.Write(context.Background(), path, []byte(text), 0o644); err != nil {
		return failed("cannot write "+path, err)
	}
	return nil
}
