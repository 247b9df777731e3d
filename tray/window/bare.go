package window

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/auth"
)

// bare is a field that shows a secret: it can be read and selected, and not
// changed. Copying copies all of it, by way of whoever clears the clipboard
// later. It breaks the lines itself, for which Fyne takes most of a minute with
// the longest tokens.
type bare struct {
	widget.Entry
	secret      auth.Secret
	columns     int
	onEsc, copy func()
}

func newBare(secret auth.Secret, copyAll, esc func()) *bare {
	b := &bare{secret: secret, copy: copyAll, onEsc: esc}
	b.MultiLine = true
	b.Wrapping = fyne.TextWrapOff
	b.TextStyle.Monospace = true
	b.ExtendBaseWidget(b)
	return b
}

// Resize breaks the secret into lines of the new width.
func (b *bare) Resize(size fyne.Size) {
	const sample = "0123456789"
	char := fyne.MeasureText(sample, theme.TextSize(), b.TextStyle).Width / float32(len(sample))
	room := size.Width - 2*theme.InnerPadding() - 2*theme.InputBorderSize()
	if columns := max(1, int(room/char)); columns != b.columns && room > 0 {
		b.columns = columns
		b.SetText(strings.Join(chunks(b.secret.Reveal(), columns), "\n"))
	}
	b.Entry.Resize(size)
}

// chunks cuts s into pieces of so many characters.
func chunks(s string, size int) []string {
	var all []string
	for piece := range slices.Chunk([]rune(s), size) {
		all = append(all, string(piece))
	}
	return all
}

// forget takes the secret out of the field.
func (b *bare) forget() {
	b.secret, b.columns = "", 0
	b.SetText("")
}

// AcceptsTab leaves Tab to the window.
func (b *bare) AcceptsTab() bool { return false }

// TypedRune changes nothing.
func (b *bare) TypedRune(rune) {}

// TypedKey moves and selects.
func (b *bare) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown:
		b.Entry.TypedKey(ev)
	case fyne.KeyEscape:
		b.onEsc()
	}
}

// TypedShortcut copies and selects.
func (b *bare) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		b.copy()
	case *fyne.ShortcutSelectAll:
		b.Entry.TypedShortcut(s)
	case *desktop.CustomShortcut: // by words
		switch s.KeyName {
		case fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd:
			b.Entry.TypedShortcut(s)
		}
	}
}

// TappedSecondary offers what can be done.
func (b *bare) TappedSecondary(ev *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil {
		widget.NewPopUpMenu(fyne.NewMenu("", fyne.NewMenuItem("Copy", b.copy)), c).ShowAtPosition(ev.AbsolutePosition)
	}
}
