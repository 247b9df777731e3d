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

// toggle is a box to tick for people who use the keyboard, as [button] is a
// button.
type toggle struct {
	widget.Check
	ring  *canvas.Rectangle
	onEsc func()
}

func newToggle(label string, changed func(bool), esc func()) *toggle {
	t := &toggle{ring: canvas.NewRectangle(color.Transparent), onEsc: esc}
	t.Text, t.OnChanged = label, changed
	t.ring.StrokeWidth = 2
	t.ring.Hide()
	t.ExtendBaseWidget(t)
	return t
}

// object is the box with its ring, as it goes into a layout.
func (t *toggle) object() fyne.CanvasObject { return container.NewStack(t, t.ring) }

// FocusGained shows the ring.
func (t *toggle) FocusGained() {
	t.ring.StrokeColor = theme.Color(theme.ColorNameForeground)
	t.ring.CornerRadius = theme.InputRadiusSize()
	t.ring.Show()
}

// FocusLost hides the ring.
func (t *toggle) FocusLost() { t.ring.Hide() }

// KeyDown ticks on Enter and Space, once while the key is held.
func (t *toggle) KeyDown(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if !t.Disabled() {
			t.SetChecked(!t.Checked)
		}
	case fyne.KeyEscape:
		t.onEsc()
	}
}

// KeyUp implements [desktop.Keyable].
func (t *toggle) KeyUp(*fyne.KeyEvent) {}

// TypedKey does nothing: see KeyDown.
func (t *toggle) TypedKey(*fyne.KeyEvent) {}

// TypedRune does nothing: see KeyDown.
func (t *toggle) TypedRune(rune) {}

var _ desktop.Keyable = (*toggle)(nil)
