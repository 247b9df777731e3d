package widget

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Select chooses one of several words, for people who use the keyboard, as
// [Button] is a button: Space opens it, the arrows and Enter choose.
type Select struct {
	widget.Select
	OnFocus func() // it has got the focus; may be nil

	onEsc  func()
	ring   *canvas.Rectangle
	object *fyne.Container
	keys   keyPress
}

// NewSelect makes a choice without words: see [Select.Set].
func NewSelect(chosen func(word string), esc func()) *Select {
	s := &Select{ring: newRing(), onEsc: esc}
	s.OnChanged = chosen
	s.object = container.NewStack(s, s.ring)
	s.ExtendBaseWidget(s)
	return s
}

// Object is the choice with its ring, the same object each time.
func (s *Select) Object() *fyne.Container { return s.object }

// Set gives the words, and chooses one of them without telling of it.
func (s *Select) Set(words []string, at int) {
	if s.SelectedIndex() == at && slices.Equal(s.Options, words) {
		return
	}
	tell := s.OnChanged
	s.OnChanged = nil
	s.Options = words
	s.SetSelectedIndex(at)
	s.OnChanged = tell
	s.Refresh()
}

// FocusGained shows the ring.
func (s *Select) FocusGained() {
	showRing(s.ring)
	s.Select.FocusGained()
	if s.OnFocus != nil {
		s.OnFocus()
	}
}

// FocusLost hides the ring.
func (s *Select) FocusLost() {
	s.ring.Hide()
	s.Select.FocusLost()
}

// KeyDown notes that a key was pressed, for TypedKey.
func (s *Select) KeyDown(ev *fyne.KeyEvent) { s.keys.down(ev) }

// KeyUp implements [desktop.Keyable].
func (s *Select) KeyUp(*fyne.KeyEvent) {}

// TypedKey lets Esc reach the page.
func (s *Select) TypedKey(ev *fyne.KeyEvent) {
	switch first := s.keys.first(ev); {
	case ev.Name != fyne.KeyEscape:
		s.Select.TypedKey(ev)
	case first:
		s.onEsc()
	}
}

var _ desktop.Keyable = (*Select)(nil)
