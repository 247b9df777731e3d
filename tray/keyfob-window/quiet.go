//go:build cgo

package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// showQuietly shows a window that nobody asked for: it does not take the
// keyboard from whoever is typing, as far as the window manager leaves that to
// the program, and asks for attention instead.
//
// Fyne has no words for either, so this speaks to GLFW beneath it.
func showQuietly(win fyne.Window) {
	glfw.WindowHint(glfw.FocusOnShow, glfw.False)
	win.Show()
	drawn, ok := win.(interface{ RunWithContext(func()) })
	if !ok {
		return
	}
	drawn.RunWithContext(func() {
		if w := glfw.GetCurrentContext(); w != nil && w.GetAttrib(glfw.Focused) == glfw.False {
			w.RequestAttention()
		}
	})
}
