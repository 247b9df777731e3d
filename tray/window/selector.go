package window

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// selector chooses one of several words, for people who use the keyboard, as
// [button] is a button: Space opens it, the arrows and Enter choose.
type selector struct {
	widget.Select
	ring  *canvas.Rectangle
	keys  pressedKey
	onEsc func()

	onFocus func() // may be nil
}

func newSelector(esc func()) *selector {
	s := &selector{ring: canvas.NewRectangle(color.Transparent), onEsc: esc}
	s.ring.StrokeWidth = 2
	s.ring.Hide()
	s.ExtendBaseWidget(s)
	return s
}

// object is the selector with its ring, as it goes into a layout.
func (s *selector) object() fyne.CanvasObject { return container.NewStack(s, s.ring) }

// FocusGained shows the ring.
func (s *selector) FocusGained() {
	s.ring.StrokeColor = theme.Color(theme.ColorNameForeground)
	s.ring.CornerRadius = theme.InputRadiusSize()
	s.ring.Show()
	s.Select.FocusGained()
	if s.onFocus != nil {
		s.onFocus()
	}
}

// FocusLost hides the ring.
func (s *selector) FocusLost() {
	s.ring.Hide()
	s.Select.FocusLost()
}

// KeyDown notes that a key was pressed, for TypedKey.
func (s *selector) KeyDown(ev *fyne.KeyEvent) { s.keys.down(ev) }

// TypedKey lets Esc reach the window.
func (s *selector) TypedKey(ev *fyne.KeyEvent) {
	switch first := s.keys.first(ev); {
	case ev.Name != fyne.KeyEscape:
		s.Select.TypedKey(ev)
	case first:
		s.onEsc()
	}
}

// KeyUp implements [desktop.Keyable].
func (s *selector) KeyUp(*fyne.KeyEvent) {}

// put chooses without telling of it.
func (s *selector) put(options []string, at int) {
	tell := s.OnChanged
	s.OnChanged = nil
	s.Options = options
	s.SetSelectedIndex(at)
	s.OnChanged = tell
	s.Refresh()
}

var _ desktop.Keyable = (*selector)(nil)
