package tray

import (
	"unicode/utf16"

	"fyne.io/systray"

	"keyfob/assets"
)

func setIcon(i assets.Icon) { systray.SetIcon(i.ICO()) }

// setTooltip keeps to the 127 UTF-16 units that Windows has room for.
func setTooltip(_, text string) {
	const limit = 127
	for len(utf16.Encode([]rune(text))) > limit {
		runes := []rune(text)
		text = string(runes[:len(runes)-2]) + "…"
	}
	systray.SetTooltip(text)
}

// written is an entry's label as Windows reads it: an ampersand makes the
// letter after it the one that chooses the entry, and stands for itself when
// doubled.
func written(e Entry) string { return mark(e, "&") }
