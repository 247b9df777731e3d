package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// CheckboxIndent is how far the words of a [Checkbox] are from its edge.
const CheckboxIndent = 30

// Checkbox is a box to tick for people who use the keyboard, as [Button] is a
// button.
type Checkbox struct {
	widget.Check
	OnFocus func() // it has got the focus; may be nil

	onEsc  func()
	ring   *canvas.Rectangle
	edge   *canvas.Rectangle // of the box while it is empty, which Fyne draws too faintly to be seen
	object *fyne.Container
	keys   keyPress
}

// NewCheckbox makes a box to tick. changed is told what a person made of it.
func NewCheckbox(label string, changed func(bool), esc func()) *Checkbox {
	c := &Checkbox{ring: newRing(), edge: canvas.NewRectangle(color.Transparent), onEsc: esc}
	c.Text = label
	c.OnChanged = func(on bool) {
		c.edge.Hidden = on
		c.edge.Refresh()
		changed(on)
	}
	c.edge.StrokeWidth, c.edge.CornerRadius = 1, 2
	c.object = container.NewStack(c, container.New(boxEdge{}, c.edge), c.ring)
	c.ExtendBaseWidget(c)
	return c
}

// Refresh implements [fyne.Widget].
func (c *Checkbox) Refresh() {
	c.edge.StrokeColor = theme.Color(theme.ColorNamePlaceHolder)
	c.edge.Hidden = c.Checked
	c.edge.Refresh()
	c.Check.Refresh()
}

// boxEdge lays the edge around the box.
type boxEdge struct{}

// MinSize implements [fyne.Layout].
func (boxEdge) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout implements [fyne.Layout].
func (boxEdge) Layout(o []fyne.CanvasObject, size fyne.Size) {
	const box = 16
	Place(o[0], fyne.NewPos(theme.InnerPadding()-1, (size.Height-box)/2), fyne.NewSquareSize(box))
}

// Object is the box with its ring, the same object each time.
func (c *Checkbox) Object() *fyne.Container { return c.object }

// Set ticks the box, or not, without telling of it.
func (c *Checkbox) Set(on bool) {
	if c.Checked != on {
		c.Checked = on
		c.Refresh()
	}
}

// FocusGained shows the ring.
func (c *Checkbox) FocusGained() {
	showRing(c.ring)
	if c.OnFocus != nil {
		c.OnFocus()
	}
}

// FocusLost hides the ring.
func (c *Checkbox) FocusLost() { c.ring.Hide() }

// KeyDown notes that a key was pressed, for TypedKey.
func (c *Checkbox) KeyDown(ev *fyne.KeyEvent) { c.keys.down(ev) }

// KeyUp implements [desktop.Keyable].
func (c *Checkbox) KeyUp(*fyne.KeyEvent) {}

// TypedKey ticks on Enter and Space, once while the key is held.
func (c *Checkbox) TypedKey(ev *fyne.KeyEvent) {
	if !c.keys.first(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if !c.Disabled() {
			c.SetChecked(!c.Checked)
		}
	case fyne.KeyEscape:
		c.onEsc()
	}
}

// TypedRune does nothing: see TypedKey.
func (c *Checkbox) TypedRune(rune) {}

var _ desktop.Keyable = (*Checkbox)(nil)
