//go:build cgo

// Command barewindow is the least that shows a window with Fyne.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("")
	w := a.NewWindow("bare")
	w.SetContent(widget.NewLabel("bare"))
	w.Resize(fyne.NewSize(720, 520)) // as large as Keyfob's
	w.ShowAndRun()
}
