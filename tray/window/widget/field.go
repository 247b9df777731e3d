package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Field is a field for text in which Enter and Esc reach the page, although it
// has the keyboard.
type Field struct {
	widget.Entry
	OnKey   func(*fyne.KeyEvent) bool // takes a key first, and says whether it did; may be nil
	OnFocus func(*Field)              // it has got the focus; may be nil
	OnLeave func()                    // the focus goes elsewhere; may be nil

	onEnter, onEsc func()
}

// NewField makes a field of one line. enter may be nil.
func NewField(hint string, enter, esc func()) *Field {
	f := &Field{onEnter: enter, onEsc: esc}
	f.PlaceHolder = hint
	f.Wrapping = fyne.TextWrapOff
	f.Scroll = fyne.ScrollHorizontalOnly
	f.ExtendBaseWidget(f)
	return f
}

// FocusGained implements [fyne.Focusable].
func (f *Field) FocusGained() {
	f.Entry.FocusGained()
	if f.OnFocus != nil {
		f.OnFocus(f)
	}
}

// FocusLost implements [fyne.Focusable].
func (f *Field) FocusLost() {
	f.Entry.FocusLost()
	if f.OnLeave != nil {
		f.OnLeave()
	}
}

// TypedKey implements [fyne.Focusable].
func (f *Field) TypedKey(ev *fyne.KeyEvent) {
	if f.OnKey != nil && f.OnKey(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyEscape:
		f.onEsc()
	case fyne.KeyReturn, fyne.KeyEnter:
		if f.onEnter != nil {
			f.onEnter()
		}
	default:
		f.Entry.TypedKey(ev)
	}
}
