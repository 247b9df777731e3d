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

// buttonWidth is the least width of a button, so that a short word is no small
// target.
const buttonWidth = 92

// button is a button for people who use the keyboard: Enter presses it like
// Space does, Esc reaches the window although the button has the focus, and a
// ring shows where the focus is, which Fyne's own faint tint does not.
type button struct {
	widget.Button
	ring    *canvas.Rectangle
	onEsc   func()
	onMove  func(by int) // the arrows up and down, in a list of buttons; may be nil
	onFocus func(*button)
}

func newButton(label string, importance widget.Importance, tapped, esc func(), focus func(*button)) *button {
	b := &button{ring: canvas.NewRectangle(color.Transparent), onEsc: esc, onFocus: focus}
	b.Text, b.Importance, b.OnTapped = label, importance, tapped
	b.ring.StrokeWidth = 2
	b.ring.Hide()
	b.ExtendBaseWidget(b)
	return b
}

// object is the button with its ring, as it goes into a layout.
func (b *button) object() fyne.CanvasObject {
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(buttonWidth, 0))
	return container.NewStack(room, b, b.ring)
}

// FocusGained shows the ring.
func (b *button) FocusGained() {
	b.ring.StrokeColor = theme.Color(theme.ColorNameForeground)
	b.ring.CornerRadius = theme.InputRadiusSize()
	b.ring.Show()
	b.Button.FocusGained()
	b.onFocus(b)
}

// FocusLost hides the ring.
func (b *button) FocusLost() {
	b.ring.Hide()
	b.Button.FocusLost()
}

// Tapped presses the button, and keeps the focus in the window, from which
// Fyne takes it at every click.
func (b *button) Tapped(ev *fyne.PointEvent) {
	b.Button.Tapped(ev)
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.Focused() == nil {
		c.Focus(b)
	}
}

// KeyDown presses the button on Enter and Space. Fyne's TypedKey comes again
// and again while a key is held, which would open a browser tab each time.
func (b *button) KeyDown(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		afterKey(func() { b.Tapped(nil) })
	case fyne.KeyEscape:
		afterKey(b.onEsc)
	case fyne.KeyUp, fyne.KeyDown:
		if b.onMove != nil {
			b.onMove(map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1}[ev.Name])
		}
	}
}

// afterKey does what a key is for once Fyne is done with the key. It hands the
// same one on to TypedKey and TypedRune of whatever has the focus by then, which
// would press the first thing in a menu or a page that has just opened.
func afterKey(do func()) { fyne.Do(do) }

// KeyUp implements [desktop.Keyable].
func (b *button) KeyUp(*fyne.KeyEvent) {}

// TypedKey does nothing: see KeyDown.
func (b *button) TypedKey(*fyne.KeyEvent) {}

var _ desktop.Keyable = (*button)(nil)
