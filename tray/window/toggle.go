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
	edge  *canvas.Rectangle // of the box while it is empty, which Fyne draws too faintly to be seen
	keys  pressedKey
	onEsc func()

	onFocus func() // may be nil
}

func newToggle(label string, changed func(bool), esc func()) *toggle {
	t := &toggle{ring: canvas.NewRectangle(color.Transparent), edge: canvas.NewRectangle(color.Transparent), onEsc: esc}
	t.Text = label
	t.OnChanged = func(on bool) {
		t.edge.Hidden = on
		t.edge.Refresh()
		changed(on)
	}
	t.ring.StrokeWidth = 2
	t.ring.Hide()
	t.edge.StrokeWidth, t.edge.CornerRadius = 1, 2
	t.ExtendBaseWidget(t)
	return t
}

// Refresh implements [fyne.Widget].
func (t *toggle) Refresh() {
	t.edge.StrokeColor = theme.Color(theme.ColorNamePlaceHolder)
	t.edge.Hidden = t.Checked
	t.edge.Refresh()
	t.Check.Refresh()
}

// boxEdge lays the edge around the box.
type boxEdge struct{}

func (boxEdge) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (boxEdge) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const box = 16
	put(o[0], fyne.NewPos(theme.InnerPadding()-1, (size.Height-box)/2), fyne.NewSquareSize(box))
}

// object is the box with its ring, as it goes into a layout.
func (t *toggle) object() fyne.CanvasObject {
	return container.NewStack(t, container.New(boxEdge{}, t.edge), t.ring)
}

// put sets the box without telling of it.
func (t *toggle) put(on bool) {
	if t.Checked != on {
		t.Checked = on
		t.Refresh()
	}
}

// FocusGained shows the ring.
func (t *toggle) FocusGained() {
	t.ring.StrokeColor = theme.Color(theme.ColorNameForeground)
	t.ring.CornerRadius = theme.InputRadiusSize()
	t.ring.Show()
	if t.onFocus != nil {
		t.onFocus()
	}
}

// FocusLost hides the ring.
func (t *toggle) FocusLost() { t.ring.Hide() }

// KeyDown notes that a key was pressed, for TypedKey.
func (t *toggle) KeyDown(ev *fyne.KeyEvent) { t.keys.down(ev) }

// KeyUp implements [desktop.Keyable].
func (t *toggle) KeyUp(*fyne.KeyEvent) {}

// TypedKey ticks on Enter and Space, once while the key is held.
func (t *toggle) TypedKey(ev *fyne.KeyEvent) {
	if !t.keys.first(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if !t.Disabled() {
			t.SetChecked(!t.Checked)
		}
	case fyne.KeyEscape:
		t.onEsc()
	}
}

// TypedRune does nothing: see TypedKey.
func (t *toggle) TypedRune(rune) {}

var _ desktop.Keyable = (*toggle)(nil)
