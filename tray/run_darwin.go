//go:build cgo

package tray

import (
	"fyne.io/systray"

	"keyfob/assets"
)

func setIcon(i assets.Icon) { systray.SetIcon(i.PNG()) }

func setTooltip(_, text string) { systray.SetTooltip(text) }

// written is an entry's label. A menu bar knows no letters that choose.
func written(e Entry) string { return e.Label }
