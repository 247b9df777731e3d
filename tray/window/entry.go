package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// entry is a field for text in which Enter and Esc reach the page, although it
// has the keyboard.
type entry struct {
	widget.Entry
	onEnter, onEsc func()
	onKey          func(*fyne.KeyEvent) bool // takes a key first, and says whether it did; may be nil
	onFocus        func(*entry)              // may be nil
	onLeave        func()                    // the focus goes elsewhere; may be nil
}

// newEntry makes a field of one line. enter may be nil.
func newEntry(hint string, enter, esc func()) *entry {
	e := &entry{onEnter: enter, onEsc: esc}
	e.PlaceHolder = hint
	e.Wrapping = fyne.TextWrapOff
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// FocusGained implements [fyne.Focusable].
func (e *entry) FocusGained() {
	e.Entry.FocusGained()
	if e.onFocus != nil {
		e.onFocus(e)
	}
}

// FocusLost implements [fyne.Focusable].
func (e *entry) FocusLost() {
	e.Entry.FocusLost()
	if e.onLeave != nil {
		e.onLeave()
	}
}

// TypedKey implements [fyne.Focusable].
func (e *entry) TypedKey(ev *fyne.KeyEvent) {
	if e.onKey != nil && e.onKey(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyEscape:
		e.onEsc()
	case fyne.KeyReturn, fyne.KeyEnter:
		if e.onEnter != nil {
			e.onEnter()
		}
	default:
		e.Entry.TypedKey(ev)
	}
}
