package widget

import "fyne.io/fyne/v2"

// keyPress tells a key that was pressed from one that is held. Fyne calls
// KeyDown once and then TypedKey, again and again while the key is held, which
// would open a browser tab each time. What opens or closes something has to
// wait for TypedKey: it would else go to whatever has the focus by then, and
// press the first thing in a menu or a page that has just opened.
type keyPress struct{ name fyne.KeyName }

// down takes note of a key in KeyDown.
func (p *keyPress) down(ev *fyne.KeyEvent) { p.name = ev.Name }

// first reports whether ev is what down was called for, the first time.
func (p *keyPress) first(ev *fyne.KeyEvent) bool {
	is := p.name == ev.Name
	p.name = ""
	return is
}
