package widget

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// keyPause is how long nobody may have typed before a key counts in a window
// that came by itself.
const keyPause = 500 * time.Millisecond

// KeyGuard has the keyboard in a window that nobody asked for, until a person
// turns to it. Some desktops give each new window the keyboard, whatever it
// asks for, and whoever is typing elsewhere goes on: none of that may press
// anything. Only after a moment without a key does Tab lead to the first
// button, and Esc close.
type KeyGuard struct {
	widget.BaseWidget
	now   func() time.Time
	typed time.Time // when the last key came, or the keyboard
	gone  bool      // to another widget; Tab does not come back
	onEsc func()
}

// NewKeyGuard makes a guard that does not have the keyboard yet.
func NewKeyGuard(now func() time.Time, esc func()) *KeyGuard {
	g := &KeyGuard{now: now, onEsc: esc}
	g.ExtendBaseWidget(g)
	return g
}

// Take gives g the keyboard of a canvas that it is on.
func (g *KeyGuard) Take(c fyne.Canvas) {
	g.gone = false
	c.Focus(g)
}

// Has reports whether g has the keyboard of a canvas. A nil one never has.
func (g *KeyGuard) Has(c fyne.Canvas) bool { return g != nil && c.Focused() == fyne.Focusable(g) }

// busy reports whether somebody is typing, and takes note of one more key.
func (g *KeyGuard) busy() bool {
	before := g.typed
	g.typed = g.now()
	return g.typed.Sub(before) < keyPause
}

// FocusGained implements [fyne.Focusable]. It is called for the window, too.
func (g *KeyGuard) FocusGained() { g.typed, g.gone = g.now(), false }

// FocusLost implements [fyne.Focusable].
func (g *KeyGuard) FocusLost() { g.gone = true }

// Disabled implements [fyne.Disableable], which keeps Tab from coming back.
func (g *KeyGuard) Disabled() bool { return g.gone }

// Enable implements [fyne.Disableable].
func (g *KeyGuard) Enable() {}

// Disable implements [fyne.Disableable].
func (g *KeyGuard) Disable() {}

// AcceptsTab implements [fyne.Tabbable].
func (g *KeyGuard) AcceptsTab() bool { return g.busy() }

// TypedRune implements [fyne.Focusable].
func (g *KeyGuard) TypedRune(rune) { g.busy() }

// TypedKey implements [fyne.Focusable].
func (g *KeyGuard) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case desktop.KeyShiftLeft, desktop.KeyShiftRight, desktop.KeyControlLeft, desktop.KeyControlRight,
		desktop.KeyAltLeft, desktop.KeyAltRight, desktop.KeySuperLeft, desktop.KeySuperRight:
		return // with which nothing is typed yet
	}
	if !g.busy() && ev.Name == fyne.KeyEscape {
		g.onEsc()
	}
}

// CreateRenderer implements [fyne.Widget].
func (g *KeyGuard) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}

// InFront fills the window with the last of its objects. The others, such as a
// [KeyGuard], are there without being seen.
type InFront struct{}

// MinSize implements [fyne.Layout].
func (InFront) MinSize(o []fyne.CanvasObject) fyne.Size {
	if len(o) == 0 {
		return fyne.Size{}
	}
	return o[len(o)-1].MinSize()
}

// Layout implements [fyne.Layout].
func (InFront) Layout(o []fyne.CanvasObject, size fyne.Size) {
	if len(o) > 0 {
		Place(o[len(o)-1], fyne.NewPos(0, 0), size)
	}
}

var (
	_ fyne.Disableable = (*KeyGuard)(nil)
	_ fyne.Tabbable    = (*KeyGuard)(nil)
)
