//go:build unix

package autostart_test

import (
	"testing"

	"keyfob/app/autostart"
)

// FuzzExec holds that a path which is written is read back as it was.
func FuzzExec(f *testing.F) {
	for _, name := range names {
		f.Add("/" + name + "/keyfob")
	}
	f.Fuzz(func(t *testing.T, path string) {
		x := autostart.XDG{Program: path, Dir: t.TempDir()}
		if x.On(false) != nil {
			return
		}
		if s, err := x.Status(); err != nil || !s.On || s.Program != path {
			t.Errorf("%q is read back as %+v %v", path, s, err)
		}
	})
}
