package widget

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// firstRow is the first row that can be current, or -1. Headings cannot.
func (t *Table) firstRow() int {
	return slices.IndexFunc(t.rows, func(r *drawnRow) bool { return len(r.cells) > 1 })
}

// next is the row from i on in a direction that can be current, or i where
// there is none.
func (t *Table) next(i, by int) int {
	for at := i + by; at >= 0 && at < len(t.rows); at += by {
		if len(t.rows[at].cells) > 1 {
			return at
		}
	}
	return i
}

// FocusGained implements [fyne.Focusable].
func (t *Table) FocusGained() { t.focused = true; t.onFocus(true); t.Refresh(); t.reveal() }

// FocusLost implements [fyne.Focusable].
func (t *Table) FocusLost() { t.focused = false; t.onFocus(false); t.Refresh() }

// TypedRune implements [fyne.Focusable].
func (t *Table) TypedRune(rune) {}

// TypedKey implements [fyne.Focusable]. A held arrow goes on.
func (t *Table) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyUp:
		t.move(t.next(t.current, -1))
	case fyne.KeyDown:
		t.move(t.next(t.current, 1))
	case fyne.KeyHome:
		t.move(t.next(-1, 1))
	case fyne.KeyEnd:
		t.move(t.next(len(t.rows), -1))
	case fyne.KeyPageUp, fyne.KeyPageDown:
		t.page(ev.Name == fyne.KeyPageDown)
	}
}

// page moves the current row by what is in sight.
func (t *Table) page(down bool) {
	by, at, seen := -1, t.current, t.scroll.Size().Height
	if down {
		by = 1
	}
	if at < 0 {
		return
	}
	from := t.rows[at].top
	for {
		to := t.next(at, by)
		if to == at || to < 0 || to >= len(t.rows) {
			break
		}
		at = to
		if d := t.rows[to].top - from; d >= seen*0.8 || -d >= seen*0.8 {
			break
		}
	}
	t.move(at)
}

func (t *Table) move(to int) {
	if to >= 0 && to < len(t.rows) {
		t.current = to
		t.Refresh()
		t.reveal()
	}
}

// KeyDown copies once while Enter is held.
func (t *Table) KeyDown(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		t.copyCurrent()
	case fyne.KeyEscape:
		t.onEsc()
	}
}

// KeyUp implements [desktop.Keyable].
func (t *Table) KeyUp(*fyne.KeyEvent) {}

// TypedShortcut implements [fyne.Shortcutable].
func (t *Table) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		t.copyCurrent()
	}
}

func (t *Table) copyCurrent() {
	if t.current >= 0 {
		t.copyRow(t.data.Rows[t.current])
	}
}

// Tapped makes the row below the mouse the current one.
func (t *Table) Tapped(ev *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		c.Focus(t)
	}
	for i, r := range t.rows {
		if len(r.cells) > 1 && ev.Position.Y >= r.top && ev.Position.Y < r.bottom {
			t.move(i)
		}
	}
}

// TappedSecondary offers to copy the row below the mouse.
func (t *Table) TappedSecondary(ev *fyne.PointEvent) {
	t.Tapped(ev)
	if t.current >= 0 {
		showMenuAt(t, ev.AbsolutePosition, fyne.NewMenuItem("Copy value", t.copyCurrent))
	}
}

// reveal scrolls to the current row.
func (t *Table) reveal() {
	if t.current < 0 {
		return
	}
	r := t.rows[t.current]
	top, bottom := r.top, r.bottom
	if t.next(-1, 1) == t.current {
		top = 0 // with what stands above the first
	}
	if t.next(len(t.rows), -1) == t.current {
		bottom = t.height
	}
	switch at, seen := t.scroll.Offset.Y, t.scroll.Size().Height; {
	case top < at:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > at+seen:
		t.scroll.ScrollToOffset(fyne.NewPos(0, bottom-seen))
	}
}

var (
	_ desktop.Keyable        = (*Table)(nil)
	_ fyne.Shortcutable      = (*Table)(nil)
	_ fyne.SecondaryTappable = (*Table)(nil)
)
