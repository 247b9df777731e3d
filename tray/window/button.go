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
	keys    pressedKey
	onMove  func(by int) // the arrows up and down, in a list of buttons; may be nil
	onFocus func(*button)
}

func newButton(label string, importance widget.Importance, tapped, esc func(), focus func(*button)) *button {
	b := &button{ring: canvas.NewRectangle(color.Transparent), onEsc: esc, onFocus: focus}
	b.Text, b.Importance = label, importance
	b.OnTapped = func() {
		b.stay() // before it acts: that may leave the focus with nobody on purpose
		tapped()
	}
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

// Tapped presses the button.
func (b *button) Tapped(ev *fyne.PointEvent) {
	if b.Button.Tapped(ev); b.Disabled() {
		b.stay()
	}
}

// stay keeps the focus in the window, from which Fyne takes it at every click.
func (b *button) stay() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.Focused() == nil {
		c.Focus(b)
	}
}

// KeyDown notes that a key was pressed, for TypedKey.
func (b *button) KeyDown(ev *fyne.KeyEvent) {
	b.keys.down(ev)
}

// KeyUp implements [desktop.Keyable].
func (b *button) KeyUp(*fyne.KeyEvent) {}

// TypedKey presses the button on Enter and Space.
func (b *button) TypedKey(ev *fyne.KeyEvent) {
	if by, ok := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1}[ev.Name]; ok && b.onMove != nil {
		b.onMove(by)
		return
	}
	if !b.keys.first(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	case fyne.KeySpace:
		// The blank comes after the key, to whatever has the focus by then.
		fyne.Do(func() { b.Tapped(nil) })
	case fyne.KeyEscape:
		b.onEsc()
	}
}

// pressedKey tells a key that was pressed from one that is held. Fyne calls
// KeyDown once and then TypedKey, again and again while the key is held, which
// would open a browser tab each time. What opens or closes something has to
// wait for TypedKey: it would else go to whatever has the focus by then, and
// press the first thing in a menu or a page that has just opened.
type pressedKey struct{ name fyne.KeyName }

func (p *pressedKey) down(ev *fyne.KeyEvent) { p.name = ev.Name }

// first reports whether ev is what down was called for, the first time.
func (p *pressedKey) first(ev *fyne.KeyEvent) bool {
	is := p.name == ev.Name
	p.name = ""
	return is
}

var _ desktop.Keyable = (*button)(nil)
