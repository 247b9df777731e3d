package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// bare is a field that shows a secret: it can be read and selected, and not
// changed. Copying copies all of it, by way of whoever clears the clipboard
// later.
type bare struct {
	widget.Entry
	onEsc, copy func()
}

func newBare(text string, copyAll, esc func()) *bare {
	b := &bare{copy: copyAll, onEsc: esc}
	b.MultiLine = true
	b.Wrapping = fyne.TextWrapBreak
	b.TextStyle.Monospace = true
	b.Text = text
	b.ExtendBaseWidget(b)
	return b
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
