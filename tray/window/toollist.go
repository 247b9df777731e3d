package window

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// toolList is the list of tools for people who use the keyboard: the arrows
// choose a tool, where Fyne's own only move a second mark beside the choice.
type toolList struct {
	widget.List
	ring *canvas.Rectangle
	rows []toolRow
	at   int // the row that is chosen, or -1
	keys pressedKey

	onChoose func(row int)
	onEnter  func()
	onEsc    func()
	onRune   func(rune)
	onCopy   func()
}

func newToolList(m marks) *toolList {
	l := &toolList{ring: canvas.NewRectangle(color.Transparent), at: -1}
	l.ring.StrokeWidth = 2
	l.ring.Hide()
	l.Length = func() int { return len(l.rows) }
	l.CreateItem = func() fyne.CanvasObject { return newToolLine(m) }
	l.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if v, ok := o.(*toolLine); ok && i < len(l.rows) {
			v.show(l.rows[i])
		}
	}
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	return l
}

// show replaces the rows and says which is chosen, without scrolling.
func (l *toolList) show(rows []toolRow, at int) {
	l.OnSelected = nil
	offset := l.GetScrollOffset()
	l.rows, l.at = rows, at
	l.UnselectAll()
	if at >= 0 {
		l.Select(at)
	}
	l.ScrollToOffset(offset)
	l.Refresh()
	l.OnSelected = l.chosen
}

func (l *toolList) chosen(i widget.ListItemID) {
	l.at = i
	l.onChoose(i)
}

// move goes on by so many rows, and stops at the ends.
func (l *toolList) move(by int) {
	if len(l.rows) > 0 {
		l.Select(min(max(l.at+by, 0), len(l.rows)-1))
	}
}

// page is how many rows are in sight.
func (l *toolList) page() int {
	height := l.CreateItem().MinSize().Height + theme.Padding()
	return max(int(l.Size().Height/height)-1, 1)
}

// FocusGained shows the ring.
func (l *toolList) FocusGained() {
	l.ring.StrokeColor = theme.Color(theme.ColorNameForeground)
	l.ring.CornerRadius = theme.InputRadiusSize()
	l.ring.Show()
}

// FocusLost hides the ring.
func (l *toolList) FocusLost() { l.ring.Hide() }

// TypedKey moves the choice, again and again while a key is held, and does once
// what must not repeat.
func (l *toolList) TypedKey(ev *fyne.KeyEvent) {
	first := l.keys.first(ev)
	switch ev.Name {
	case fyne.KeyDown:
		l.move(1)
	case fyne.KeyUp:
		l.move(-1)
	case fyne.KeyPageDown:
		l.move(l.page())
	case fyne.KeyPageUp:
		l.move(-l.page())
	case fyne.KeyHome:
		l.move(-len(l.rows))
	case fyne.KeyEnd:
		l.move(len(l.rows))
	case fyne.KeyReturn, fyne.KeyEnter:
		if first {
			l.onEnter()
		}
	case fyne.KeyEscape:
		if first {
			l.onEsc()
		}
	}
}

// TypedRune begins to look for a tool.
func (l *toolList) TypedRune(r rune) { l.onRune(r) }

// TypedShortcut copies the token.
func (l *toolList) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		l.onCopy()
	}
}

// KeyDown notes that a key was pressed, for TypedKey.
func (l *toolList) KeyDown(ev *fyne.KeyEvent) { l.keys.down(ev) }

// KeyUp implements [desktop.Keyable].
func (l *toolList) KeyUp(*fyne.KeyEvent) {}

var (
	_ desktop.Keyable     = (*toolList)(nil)
	_ fyne.Shortcutable   = (*toolList)(nil)
	_ fyne.WidgetRenderer = (*toolLineRenderer)(nil)
)
