//go:build cgo

package main

import (
	"fmt"
	"os"

	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"

	"keyfob/app/agent"
)

// missing is the error that a window lacks something without which it can never
// be drawn here. It is told in agent's words, the only ones that are read.
type missing struct{ what agent.WindowLine }

func (m missing) Error() string { return string(m.what) }

// shown has show make the window seen, and fails where Fyne could not make one:
// Fyne logs that and goes on for ever. A window without a context for OpenGL is
// none.
func shown(show func(fyne.Window)) func(fyne.Window) error {
	return func(win fyne.Window) error {
		show(win)
		if w, ok := win.(interface{ RunWithContext(func()) }); ok {
			made := false
			w.RunWithContext(func() { made = true })
			if !made {
				return missing{agent.WindowNoOpenGL}
			}
		}
		return nil
	}
}

// notInitialized is GLFW's code for the use of a library that could not be
// initialised, which its Go package keeps to itself.
const notInitialized glfw.ErrorCode = 0x00010001

// screenIsMissing makes an error of the panic that Fyne ends in where GLFW finds
// no display. It has to be deferred.
func screenIsMissing(err *error) {
	switch p := recover().(type) {
	case nil:
	case *glfw.Error:
		if p.Code != notInitialized {
			panic(p)
		}
		*err = fmt.Errorf("%w: %w", missing{noDisplay(os.Getenv)}, p)
	default:
		panic(p)
	}
}

// noDisplay says what is missing where no display answers.
func noDisplay(getenv func(string) string) agent.WindowLine {
	if getenv("WAYLAND_DISPLAY") != "" {
		return agent.WindowNoXwayland
	}
	return agent.WindowNoScreen
}
