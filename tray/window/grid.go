package window

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// grid shows a table whose text wraps, which Fyne's own do not. One row of it
// is current: the arrows move it, Enter and Ctrl+C copy it.
type grid struct {
	widget.BaseWidget
	table   table
	rows    []*gridRow
	notes   []*widget.Label
	head    []gridCell
	ring    *canvas.Rectangle
	current int // in rows, -1 while there are none
	focused bool
	width   float32 // of what is drawn
	height  float32
	text    float32           // the size of the text when it was placed
	moved   bool              // something changed since then
	scroll  *container.Scroll // that the grid is in

	onEsc   func()
	onFocus func(bool)
	copy    func(tableRow)
}

// gridRow is a row as drawn.
type gridRow struct {
	cells       []gridCell
	line        *canvas.Rectangle // above it
	top, bottom float32
}

// gridCell is a cell as drawn. A mark ahead of the text is apart from it: it
// comes from another font, which would move the line.
type gridCell struct{ mark, text *widget.Label }

// cutMark tells the mark at the beginning of a cell's text from the rest.
func cutMark(s string) (mark, text string) {
	if first, rest, found := strings.Cut(s, " "); found && slices.Contains(cellMarks, first) {
		return first, rest
	}
	return "", s
}

// cellMarks can stand at the beginning of a cell.
var cellMarks = []string{"✓", "✗", "–"}

func newGrid(copyRow func(tableRow), focus func(bool), esc func()) *grid {
	g := &grid{copy: copyRow, onFocus: focus, onEsc: esc, current: -1, width: 400, ring: canvas.NewRectangle(color.Transparent)}
	g.ring.StrokeWidth = 2
	g.ExtendBaseWidget(g)
	g.scroll = container.NewVScroll(g)
	return g
}

// object is the grid as it goes into a layout: it takes the height that it is
// given, and scrolls.
func (g *grid) object() fyne.CanvasObject { return container.New(gridRoom{g}, g.scroll) }

// set shows t. A table of the same form keeps the current row and the place
// that it is scrolled to; another begins at its top.
func (g *grid) set(t table, other bool) {
	same := !other && len(t.Rows) == len(g.table.Rows) && len(t.Notes) == len(g.notes) && len(t.Head) == len(g.head)
	for i := range t.Rows {
		same = same && sameForm(t.Rows[i], g.table.Rows[i])
	}
	if !same {
		g.build(t)
	}
	g.table = t
	put := func(l *widget.Label, text string) {
		g.moved = g.moved || l.Text != text
		setText(l, text)
	}
	for i, text := range t.Notes {
		put(g.notes[i], text)
	}
	for i, r := range t.Rows {
		for j, text := range r.Cells {
			c := g.rows[i].cells[j]
			mark, text := cutMark(text)
			put(c.text, text)
			if c.mark != nil {
				put(c.mark, mark)
			}
		}
		if n := len(r.Cells); n > 1 {
			g.rows[i].cells[n-2].warn(r.Bad)
		}
	}
	g.Refresh()
	g.scroll.Refresh()
	if other {
		g.scroll.ScrollToTop()
	}
}

// sameForm reports whether what is drawn of one row can show another.
func sameForm(a, b tableRow) bool {
	if len(a.Cells) != len(b.Cells) || a.Cells[0] != b.Cells[0] {
		return false
	}
	for i := range a.Cells {
		was, _ := cutMark(a.Cells[i])
		if is, _ := cutMark(b.Cells[i]); (was == "") != (is == "") {
			return false
		}
	}
	return true
}

// warn colours a cell that somebody should do something about.
func (c gridCell) warn(bad bool) {
	importance := widget.MediumImportance
	if bad {
		importance = widget.DangerImportance
	}
	for _, l := range []*widget.Label{c.mark, c.text} {
		if l != nil && l.Importance != importance {
			l.Importance = importance
			l.Refresh()
		}
	}
}

func setText(l *widget.Label, s string) {
	if l.Text != s {
		l.SetText(s)
	}
}

// build makes the labels for t.
func (g *grid) build(t table) {
	g.rows, g.notes, g.head, g.current, g.moved = nil, nil, nil, -1, true
	cell := func(bold bool) *widget.Label {
		l := label("", widget.MediumImportance)
		l.TextStyle.Bold = bold
		return l
	}
	for range t.Notes {
		g.notes = append(g.notes, cell(false))
	}
	for _, name := range t.Head {
		h := cell(true)
		h.SetText(name)
		g.head = append(g.head, gridCell{text: h})
	}
	for _, r := range t.Rows {
		row := &gridRow{line: canvas.NewRectangle(color.Transparent)}
		for i, text := range r.Cells {
			c := gridCell{text: cell(i == 0)}
			if mark, _ := cutMark(text); mark != "" {
				c.mark = cell(false)
			}
			row.cells = append(row.cells, c)
		}
		g.rows = append(g.rows, row)
	}
	g.current = g.next(-1, 1)
}

// next is the row from i on in a direction that can be current, or i where
// there is none. Headings cannot.
func (g *grid) next(i, by int) int {
	rows := g.table.Rows
	if len(g.rows) != len(rows) {
		return slices.IndexFunc(g.rows, func(r *gridRow) bool { return len(r.cells) > 1 })
	}
	for at := i + by; at >= 0 && at < len(rows); at += by {
		if len(rows[at].Cells) > 1 {
			return at
		}
	}
	return i
}

// FocusGained implements [fyne.Focusable].
func (g *grid) FocusGained() { g.focused = true; g.onFocus(true); g.Refresh(); g.reveal() }

// FocusLost implements [fyne.Focusable].
func (g *grid) FocusLost() { g.focused = false; g.onFocus(false); g.Refresh() }

// TypedRune implements [fyne.Focusable].
func (g *grid) TypedRune(rune) {}

// TypedKey implements [fyne.Focusable]. A held arrow goes on.
func (g *grid) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyUp:
		g.move(g.next(g.current, -1))
	case fyne.KeyDown:
		g.move(g.next(g.current, 1))
	case fyne.KeyHome:
		g.move(g.next(-1, 1))
	case fyne.KeyEnd:
		g.move(g.next(len(g.rows), -1))
	case fyne.KeyPageUp, fyne.KeyPageDown:
		g.page(ev.Name == fyne.KeyPageDown)
	}
}

// page moves the current row by what is in sight.
func (g *grid) page(down bool) {
	by, at, seen := -1, g.current, g.scroll.Size().Height
	if down {
		by = 1
	}
	if at < 0 {
		return
	}
	from := g.rows[at].top
	for {
		to := g.next(at, by)
		if to == at || to < 0 || to >= len(g.rows) {
			break
		}
		at = to
		if d := g.rows[to].top - from; d >= seen*0.8 || -d >= seen*0.8 {
			break
		}
	}
	g.move(at)
}

func (g *grid) move(to int) {
	if to >= 0 && to < len(g.rows) {
		g.current = to
		g.Refresh()
		g.reveal()
	}
}

// KeyDown copies once while Enter is held.
func (g *grid) KeyDown(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		g.copyCurrent()
	case fyne.KeyEscape:
		g.onEsc()
	}
}

// KeyUp implements [desktop.Keyable].
func (g *grid) KeyUp(*fyne.KeyEvent) {}

// TypedShortcut implements [fyne.Shortcutable].
func (g *grid) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		g.copyCurrent()
	}
}

func (g *grid) copyCurrent() {
	if g.current >= 0 {
		g.copy(g.table.Rows[g.current])
	}
}

// Tapped makes the row below the mouse the current one.
func (g *grid) Tapped(ev *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil {
		c.Focus(g)
	}
	for i, r := range g.rows {
		if len(r.cells) > 1 && ev.Position.Y >= r.top && ev.Position.Y < r.bottom {
			g.move(i)
		}
	}
}

// TappedSecondary offers to copy the row below the mouse.
func (g *grid) TappedSecondary(ev *fyne.PointEvent) {
	g.Tapped(ev)
	c := fyne.CurrentApp().Driver().CanvasForObject(g)
	if c == nil || g.current < 0 {
		return
	}
	menu := widget.NewPopUpMenu(fyne.NewMenu("", fyne.NewMenuItem("Copy value", g.copyCurrent)), c)
	menu.ShowAtPosition(ev.AbsolutePosition)
}

// reveal scrolls to the current row.
func (g *grid) reveal() {
	if g.current < 0 {
		return
	}
	r := g.rows[g.current]
	top, bottom := r.top, r.bottom
	if g.next(-1, 1) == g.current {
		top = 0 // with what stands above the first
	}
	if g.next(len(g.rows), -1) == g.current {
		bottom = g.height
	}
	switch at, seen := g.scroll.Offset.Y, g.scroll.Size().Height; {
	case top < at:
		g.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > at+seen:
		g.scroll.ScrollToOffset(fyne.NewPos(0, bottom-seen))
	}
}

var (
	_ desktop.Keyable        = (*grid)(nil)
	_ fyne.Shortcutable      = (*grid)(nil)
	_ fyne.SecondaryTappable = (*grid)(nil)
)
