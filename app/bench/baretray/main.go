// Command baretray is the least that shows a tray icon with fyne.io/systray:
// what Keyfob's own cost is measured against.
package main

import (
	"runtime"

	"fyne.io/systray"

	"keyfob/assets"
)

func main() {
	systray.Run(func() {
		if runtime.GOOS == "linux" {
			systray.SetIcon(assets.IconOut.SNI())
		} else {
			systray.SetIcon(assets.IconOut.PNG())
		}
		systray.SetTitle("bare")
		quit := systray.AddMenuItem("Quit", "")
		go func() {
			<-quit.ClickedCh
			systray.Quit()
		}()
	}, nil)
}
