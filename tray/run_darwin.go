//go:build cgo

package tray

import (
	"fyne.io/systray"

	"keyfob/assets"
)

func setIcon(i assets.Icon) { systray.SetIcon(i.PNG()) }

func setTooltip(_, text string) { systray.SetTooltip(text) }

func escape(label string) string { return label }
