package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Button is a button for people who use the keyboard: Enter presses it like
// Space does, once while the key is held, and Esc reaches the page although the
// button has the focus.
type Button struct {
	widget.Button
	OnFocus func(*Button) // it has got the focus; may be nil
	OnMove  func(by int)  // the arrows up and down, in a list of buttons; may be nil

	onEsc  func()
	ring   *canvas.Rectangle
	object *fyne.Container
	keys   keyPress
}

// NewButton makes a button. esc is what Esc does while it has the focus.
func NewButton(label string, importance Importance, tapped, esc func()) *Button {
	b := &Button{ring: newRing(), onEsc: esc}
	b.Text, b.Importance = label, importance
	b.OnTapped = func() {
		b.keepFocus() // before it acts: that may leave the focus with nobody on purpose
		tapped()
	}
	least := canvas.NewRectangle(color.Transparent)
	least.SetMinSize(fyne.NewSize(ButtonWidth, 0))
	b.object = container.NewStack(least, b, b.ring)
	b.ExtendBaseWidget(b)
	return b
}

// Object is the button with its ring, the same object each time.
func (b *Button) Object() *fyne.Container { return b.object }

// Set changes what the button says, and how much it stands out.
func (b *Button) Set(label string, importance Importance) {
	if b.Text != label || b.Importance != importance {
		b.Text, b.Importance = label, importance
		b.Refresh()
	}
}

// FocusGained shows the ring.
func (b *Button) FocusGained() {
	showRing(b.ring)
	b.Button.FocusGained()
	if b.OnFocus != nil {
		b.OnFocus(b)
	}
}

// FocusLost hides the ring.
func (b *Button) FocusLost() {
	b.ring.Hide()
	b.Button.FocusLost()
}

// Tapped presses the button.
func (b *Button) Tapped(ev *fyne.PointEvent) {
	if b.Button.Tapped(ev); b.Disabled() {
		b.keepFocus()
	}
}

// keepFocus keeps the focus in the window, from which Fyne takes it at every
// click.
func (b *Button) keepFocus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil && c.Focused() == nil {
		c.Focus(b)
	}
}

// KeyDown notes that a key was pressed, for TypedKey.
func (b *Button) KeyDown(ev *fyne.KeyEvent) { b.keys.down(ev) }

// KeyUp implements [desktop.Keyable].
func (b *Button) KeyUp(*fyne.KeyEvent) {}

// TypedKey presses the button on Enter and Space.
func (b *Button) TypedKey(ev *fyne.KeyEvent) {
	if by, ok := map[fyne.KeyName]int{fyne.KeyUp: -1, fyne.KeyDown: 1}[ev.Name]; ok && b.OnMove != nil {
		b.OnMove(by)
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

// ButtonRow puts buttons side by side at the right.
func ButtonRow(buttons ...*Button) fyne.CanvasObject {
	row := []fyne.CanvasObject{layout.NewSpacer()}
	for _, b := range buttons {
		row = append(row, b.Object())
	}
	return container.New(layout.NewCustomPaddedHBoxLayout(8), row...)
}

var _ desktop.Keyable = (*Button)(nil)
