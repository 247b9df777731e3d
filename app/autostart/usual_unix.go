//go:build unix

package autostart

import (
	"os"
	"path/filepath"
	"runtime"

	"keyfob/auth"
)

// Usual is the autostart of this system, for this program.
func Usual() (Starter, error) {
	self, err := Self()
	if err != nil {
		return nil, err
	}
	if runtime.GOOS != "darwin" {
		return NewXDG(self, os.Getenv)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeAutostart,
			What: "this user has no home",
			Do:   "set HOME",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return LaunchAgent{Program: self, Dir: filepath.Join(home, "Library", "LaunchAgents")}, nil
}
