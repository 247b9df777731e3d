package widget

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/auth"
)

// SecretField shows a secret: it can be read and selected, and not changed.
// Copying copies all of it, by way of whoever clears the clipboard later. It
// breaks the lines itself, for which Fyne takes most of a minute with the
// longest tokens.
type SecretField struct {
	widget.Entry
	secret         auth.Secret
	columns        int
	onEsc, copyAll func()
}

// NewSecretField makes a field that shows secret until [SecretField.Forget].
func NewSecretField(secret auth.Secret, copyAll, esc func()) *SecretField {
	f := &SecretField{secret: secret, copyAll: copyAll, onEsc: esc}
	f.MultiLine = true
	f.Wrapping = fyne.TextWrapOff
	f.TextStyle.Monospace = true
	f.ExtendBaseWidget(f)
	return f
}

// Resize breaks the secret into lines of the new width.
func (f *SecretField) Resize(size fyne.Size) {
	const sample = "0123456789"
	char := fyne.MeasureText(sample, theme.TextSize(), f.TextStyle).Width / float32(len(sample))
	width := size.Width - 2*theme.InnerPadding() - 2*theme.InputBorderSize()
	if columns := max(1, int(width/char)); columns != f.columns && width > 0 {
		f.columns = columns
		f.SetText(strings.Join(chunks(f.secret.Reveal(), columns), "\n"))
	}
	f.Entry.Resize(size)
}

// chunks cuts s into pieces of so many characters.
func chunks(s string, size int) []string {
	var all []string
	for piece := range slices.Chunk([]rune(s), size) {
		all = append(all, string(piece))
	}
	return all
}

// Forget takes the secret out of the field.
func (f *SecretField) Forget() {
	f.secret, f.columns = "", 0
	f.SetText("")
}

// AcceptsTab leaves Tab to the window.
func (f *SecretField) AcceptsTab() bool { return false }

// TypedRune changes nothing.
func (f *SecretField) TypedRune(rune) {}

// TypedKey moves and selects.
func (f *SecretField) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown, fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown:
		f.Entry.TypedKey(ev)
	case fyne.KeyEscape:
		f.onEsc()
	}
}

// TypedShortcut copies and selects.
func (f *SecretField) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutCopy:
		f.copyAll()
	case *fyne.ShortcutSelectAll:
		f.Entry.TypedShortcut(s)
	case *desktop.CustomShortcut: // by words
		switch s.KeyName {
		case fyne.KeyLeft, fyne.KeyRight, fyne.KeyHome, fyne.KeyEnd:
			f.Entry.TypedShortcut(s)
		}
	}
}

// TappedSecondary offers what can be done.
func (f *SecretField) TappedSecondary(ev *fyne.PointEvent) {
	showMenuAt(f, ev.AbsolutePosition, fyne.NewMenuItem("Copy", f.copyAll))
}
