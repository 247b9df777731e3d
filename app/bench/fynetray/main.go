//go:build cgo

// Command fynetray is the least that shows a tray icon with Fyne itself: what
// Keyfob would cost as a single Fyne program.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver/desktop"

	"keyfob/assets"
)

func main() {
	a := app.NewWithID("")
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.IconOut.PNG()))
	if d, ok := a.(desktop.App); ok {
		d.SetSystemTrayMenu(fyne.NewMenu("fyne", fyne.NewMenuItem("Quit", a.Quit)))
	}
	a.Run()
}
