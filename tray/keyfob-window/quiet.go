//go:build cgo

package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"github.com/go-gl/glfw/v3.3/glfw"
)

// showQuietly shows a window that nobody asked for: in sight, above the
// others, but without taking the keyboard from whoever is typing. The next
// blank would else press its button. It asks for attention instead.
//
// Fyne has no words for any of this, so GLFW beneath it is told, and on
// X11 to the window manager.
func showQuietly(win fyne.Window) {
	glfw.WindowHint(glfw.Floating, glfw.True)
	glfw.WindowHint(glfw.FocusOnShow, glfw.False)

	content, focused := win.Content(), win.Canvas().Focused()
	win.SetContent(container.New(&unfocused{win: win}, content))
	if focused != nil {
		win.Canvas().Focus(focused)
	}
	if win.FixedSize() {
		win.Resize(content.MinSize())
	}
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

// unfocused is a layout for one object that fills the window. Fyne asks it for
// its size between making the window and showing it, which is the one moment
// at which a window manager can be told not to focus the window.
type unfocused struct {
	win  fyne.Window
	told bool
}

// MinSize implements [fyne.Layout].
func (u *unfocused) MinSize(objects []fyne.CanvasObject) fyne.Size {
	u.told = u.told || keepUnfocused(u.win)
	return objects[0].MinSize()
}

// Layout implements [fyne.Layout].
func (u *unfocused) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
}
