package autostart

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// The names of the program that a login should start, and of the command beside
// it, which was the whole program once and becomes it still when it is started
// without a verb.
const (
	trayProgram = "keyfob-tray"
	oldProgram  = "keyfob"
)

// named reports whether a path is that of a program of this name.
func named(path, name string) bool {
	if runtime.GOOS == "windows" {
		base := path[strings.LastIndexAny(path, `\/`)+1:]
		return strings.EqualFold(base, name) || strings.EqualFold(base, name+".exe")
	}
	return filepath.Base(path) == name
}

// startsBeside reports whether program is the keyfob beside self, which is
// keyfob-tray: starting it starts self.
func startsBeside(program, self string) bool {
	if !named(program, oldProgram) || !named(self, trayProgram) {
		return false
	}
	real, err := filepath.EvalSymlinks(program)
	return err == nil && sameFile(filepath.Join(filepath.Dir(real), filepath.Base(self)), self)
}

// outdated reports whether an entry that Keyfob made starts this program by the
// name that it had before it was called keyfob-tray. An entry for another
// installation that is still there is not this one's to change.
func outdated(program, self string) bool {
	if !named(program, oldProgram) || !named(self, trayProgram) {
		return false
	}
	found, err := exec.LookPath(program)
	if err == nil {
		return startsBeside(found, self)
	}
	_, err = os.Stat(program)
	return errors.Is(err, fs.ErrNotExist)
}
