package widget

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// TableData is what a [Table] shows.
type TableData struct {
	Notes []string // above it
	Head  []string // the names of the columns
	Rows  []TableRow
}

// TableRow is a row of a table, or a heading between rows when it has one cell.
// A cell may begin with ✓, ✗ or – and a space, which stand apart from its text.
type TableRow struct {
	Cells []string
	Copy  string // what copying the row gives, or empty
	Bad   bool   // somebody should do something about it
}

// Equal reports whether two tables show the same.
func (d TableData) Equal(o TableData) bool {
	return slices.Equal(d.Notes, o.Notes) && slices.Equal(d.Head, o.Head) && slices.EqualFunc(d.Rows, o.Rows, TableRow.Equal)
}

// Equal reports whether two rows are the same.
func (r TableRow) Equal(o TableRow) bool {
	return slices.Equal(r.Cells, o.Cells) && r.Copy == o.Copy && r.Bad == o.Bad
}

// Table shows a table whose text wraps, which Fyne's own do not. One row of it
// is current: the arrows move it, Enter and Ctrl+C copy it.
type Table struct {
	widget.BaseWidget
	data    TableData
	rows    []*drawnRow
	notes   []*Label
	head    []drawnCell
	ring    *canvas.Rectangle
	current int // in rows, -1 while there are none
	focused bool
	width   float32 // of what is drawn
	height  float32
	text    float32           // the size of the text when it was placed
	moved   bool              // something changed since then
	scroll  *container.Scroll // that the table is in
	object  *fyne.Container

	onEsc   func()
	onFocus func(has bool)
	copyRow func(TableRow)
}

// NewTable makes an empty table. copyRow copies the current row, and focus is
// told when the table gets and loses the keyboard.
func NewTable(copyRow func(TableRow), focus func(has bool), esc func()) *Table {
	t := &Table{copyRow: copyRow, onFocus: focus, onEsc: esc, current: -1, width: 400, ring: newRing()}
	t.ExtendBaseWidget(t)
	t.scroll = container.NewVScroll(t)
	t.object = container.New(tableLayout{t}, t.scroll)
	return t
}

// Object is the table as it goes into a layout: it takes the height that it is
// given, at least [TableHeight], and scrolls.
func (t *Table) Object() *fyne.Container { return t.object }

// Set shows d. A table of the same form keeps the current row and the place
// that it is scrolled to; with other it begins at its top.
func (t *Table) Set(d TableData, other bool) {
	if other || !t.fits(d) {
		t.build(d)
	}
	t.data = d
	set := func(l *Label, text string) { t.moved = SetText(l, text) || t.moved }
	for i, text := range d.Notes {
		set(t.notes[i], text)
	}
	for i, r := range d.Rows {
		for j, text := range r.Cells {
			c := t.rows[i].cells[j]
			mark, text := cutMark(text)
			set(c.text, text)
			if c.mark != nil {
				set(c.mark, mark)
			}
		}
		if n := len(r.Cells); n > 1 {
			t.rows[i].cells[n-2].setProblem(r.Bad)
		}
	}
	t.Refresh()
	t.scroll.Refresh()
	if other {
		t.scroll.ScrollToTop()
	}
}

// fits reports whether what is drawn can show d.
func (t *Table) fits(d TableData) bool {
	return len(d.Notes) == len(t.notes) && len(d.Head) == len(t.head) && slices.EqualFunc(d.Rows, t.data.Rows, sameForm)
}

// sameForm reports whether what is drawn of one row can show another.
func sameForm(a, b TableRow) bool {
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

// drawnRow is a row as drawn.
type drawnRow struct {
	cells       []drawnCell
	line        *canvas.Rectangle // above it
	top, bottom float32
}

// drawnCell is a cell as drawn. A mark ahead of the text is apart from it: it
// comes from another font, which would move the line.
type drawnCell struct{ mark, text *Label }

// cutMark tells the mark at the beginning of a cell's text from the rest.
func cutMark(s string) (mark, text string) {
	if first, rest, found := strings.Cut(s, " "); found && slices.Contains(cellMarks, first) {
		return first, rest
	}
	return "", s
}

// cellMarks can stand at the beginning of a cell.
var cellMarks = []string{"✓", "✗", "–"}

// setProblem colours a cell that somebody should do something about.
func (c drawnCell) setProblem(bad bool) {
	for _, l := range []*Label{c.mark, c.text} {
		if l != nil {
			SetProblem(l, bad)
		}
	}
}
