package widget

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// List is a list of which one row is chosen, for people who use the keyboard:
// the arrows choose, where Fyne's own only move a second mark beside the choice.
// The functions must be set before it is shown.
type List struct {
	widget.List
	OnChoose func(ListRow)
	OnEnter  func()
	OnEsc    func()
	OnRune   func(rune) // a letter was typed
	OnCopy   func()

	ring   *canvas.Rectangle
	object *fyne.Container
	rows   []ListRow
	chosen int // the row that is chosen, or -1
	keys   keyPress
}

// NewList makes an empty list.
func NewList(icons Icons) *List {
	l := &List{ring: newRing(), chosen: -1}
	l.Length = func() int { return len(l.rows) }
	l.CreateItem = func() fyne.CanvasObject { return newDrawnListRow(icons) }
	l.UpdateItem = func(i widget.ListItemID, o fyne.CanvasObject) {
		if d, ok := o.(*drawnListRow); ok && i < len(l.rows) {
			d.show(l.rows[i])
		}
	}
	l.HideSeparators = true
	l.ExtendBaseWidget(l)
	l.object = container.NewStack(container.New(layout.NewCustomPaddedLayout(4, 4, 4, 4), l), l.ring)
	return l
}

// Object is the list with its ring, the same object each time.
func (l *List) Object() *fyne.Container { return l.object }

// Set replaces the rows and says which is chosen, or -1, without scrolling and
// without telling of the choice.
func (l *List) Set(rows []ListRow, chosen int) {
	if chosen == l.chosen && slices.Equal(rows, l.rows) {
		return
	}
	l.OnSelected = nil
	offset := l.GetScrollOffset()
	l.rows, l.chosen = rows, chosen
	l.UnselectAll()
	if chosen >= 0 {
		l.Select(chosen)
	}
	l.ScrollToOffset(offset)
	l.Refresh()
	l.OnSelected = l.choose
}

// Chosen is the row that is chosen, if there is one.
func (l *List) Chosen() (ListRow, bool) {
	if l.chosen < 0 {
		return ListRow{}, false
	}
	return l.rows[l.chosen], true
}

// ShowChosen scrolls to the row that is chosen.
func (l *List) ShowChosen() {
	if l.chosen >= 0 {
		l.ScrollTo(l.chosen)
	}
}

func (l *List) choose(i widget.ListItemID) {
	l.chosen = i
	l.OnChoose(l.rows[i])
}

// move goes on by so many rows, and stops at the ends.
func (l *List) move(by int) {
	if len(l.rows) > 0 {
		l.Select(min(max(l.chosen+by, 0), len(l.rows)-1))
	}
}

// page is how many rows are in sight.
func (l *List) page() int {
	height := l.CreateItem().MinSize().Height + theme.Padding()
	return max(int(l.Size().Height/height)-1, 1)
}

// FocusGained shows the ring.
func (l *List) FocusGained() { showRing(l.ring) }

// FocusLost hides the ring.
func (l *List) FocusLost() { l.ring.Hide() }

// TypedKey moves the choice, again and again while a key is held, and does once
// what must not repeat.
func (l *List) TypedKey(ev *fyne.KeyEvent) {
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
			l.OnEnter()
		}
	case fyne.KeyEscape:
		if first {
			l.OnEsc()
		}
	}
}

// TypedRune implements [fyne.Focusable].
func (l *List) TypedRune(r rune) { l.OnRune(r) }

// TypedShortcut implements [fyne.Shortcutable].
func (l *List) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		l.OnCopy()
	}
}

// KeyDown notes that a key was pressed, for TypedKey.
func (l *List) KeyDown(ev *fyne.KeyEvent) { l.keys.down(ev) }

// KeyUp implements [desktop.Keyable].
func (l *List) KeyUp(*fyne.KeyEvent) {}

var (
	_ desktop.Keyable   = (*List)(nil)
	_ fyne.Shortcutable = (*List)(nil)
)
