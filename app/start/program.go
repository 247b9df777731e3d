package start

import (
	"os"
	"path/filepath"
	"runtime"
)

// whole is the name of the whole program.
const whole = "keyfob-tray"

// Beside returns the path of keyfob-tray in the folder of this program, links
// followed. The error says that it is not there, or that somebody else could have
// made it what it is.
func Beside() (string, error) {
	self, err := own()
	if err != nil {
		return "", err
	}
	name := whole
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	path := filepath.Join(filepath.Dir(self), name)
	if err := check(path, self); err != nil {
		return path, err
	}
	if same(path, self) { // which would start itself for ever
		return path, badProgram(path, "is the command, not the whole program")
	}
	return path, nil
}

// same reports whether both paths lead to one file.
func same(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// Itself returns the path of this very program, links followed, for when it is the
// whole one under whatever name.
func Itself() (string, error) {
	self, err := own()
	if err != nil {
		return "", err
	}
	return self, check(self, self)
}

// own is the path of this program's file, or of the one that took its place.
func own() (string, error) {
	self, err := os.Executable() // without the mark of a file that was removed
	if err == nil {
		if to, lost := filepath.EvalSymlinks(self); lost == nil {
			self = to
		}
		return self, nil
	}
	return "", unknownSelf(err)
}

// check refuses a program that cannot be trusted as this one is, by an
// [*auth.Error]. self is the path of this one.
func check(path, self string) error {
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return noProgram(path)
	case err != nil:
		return badProgram(path, "cannot be looked at ("+err.Error()+")")
	case !info.Mode().IsRegular():
		return badProgram(path, "is not a file")
	}
	return checkOwner(path, info, self)
}
