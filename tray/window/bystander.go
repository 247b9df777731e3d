package window

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// calm is how long nobody may have typed before a key counts in a window that
// came by itself.
const calm = 500 * time.Millisecond

// bystander has the keyboard in a window that nobody asked for, until a person
// turns to it. Some desktops give each new window the keyboard, whatever it
// asks for, and whoever is typing elsewhere goes on: none of that may press
// anything. Only after a moment without a key does Tab lead to the first
// button, and Esc close.
type bystander struct {
	widget.BaseWidget
	now   func() time.Time
	typed time.Time // when the last key came, or the keyboard
	gone  bool      // to another widget; Tab does not come back
	onEsc func()
}

func newBystander(now func() time.Time, esc func()) *bystander {
	b := &bystander{now: now, onEsc: esc}
	b.ExtendBaseWidget(b)
	return b
}

// take gives b the keyboard of a canvas that it is on.
func (b *bystander) take(c fyne.Canvas) {
	b.gone = false
	c.Focus(b)
}

// has reports whether b has the keyboard of a canvas.
func (b *bystander) has(c fyne.Canvas) bool { return b != nil && c.Focused() == fyne.Focusable(b) }

// busy reports whether somebody is typing, and takes note of one more key.
func (b *bystander) busy() bool {
	was := b.typed
	b.typed = b.now()
	return b.typed.Sub(was) < calm
}

// FocusGained implements [fyne.Focusable]. It is called for the window, too.
func (b *bystander) FocusGained() { b.typed, b.gone = b.now(), false }

// FocusLost implements [fyne.Focusable].
func (b *bystander) FocusLost() { b.gone = true }

// Disabled implements [fyne.Disableable], which keeps Tab from coming back.
func (b *bystander) Disabled() bool { return b.gone }

// Enable implements [fyne.Disableable].
func (b *bystander) Enable() {}

// Disable implements [fyne.Disableable].
func (b *bystander) Disable() {}

// AcceptsTab implements [fyne.Tabbable].
func (b *bystander) AcceptsTab() bool { return b.busy() }

// TypedRune implements [fyne.Focusable].
func (b *bystander) TypedRune(rune) { b.busy() }

// TypedKey implements [fyne.Focusable].
func (b *bystander) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
		desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight:
		return // with which nothing is typed yet
	}
	if !b.busy() && ev.Name == fyne.KeyEscape {
		b.onEsc()
	}
}

// CreateRenderer implements [fyne.Widget].
func (b *bystander) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}

// inFront fills the window with the last of its objects. The others are there
// without being seen.
type inFront struct{}

// MinSize implements [fyne.Layout].
func (inFront) MinSize(o []fyne.CanvasObject) fyne.Size {
	if len(o) == 0 {
		return fyne.Size{}
	}
	return o[len(o)-1].MinSize()
}

// Layout implements [fyne.Layout].
func (inFront) Layout(o []fyne.CanvasObject, size fyne.Size) {
	if len(o) > 0 {
		put(o[len(o)-1], fyne.NewPos(0, 0), size)
	}
}

var (
	_ fyne.Disableable = (*bystander)(nil)
	_ fyne.Tabbable    = (*bystander)(nil)
)
