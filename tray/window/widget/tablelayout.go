package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The measures of a table, in Fyne's units.
const (
	tableGap     = 5   // above and below the text of a row
	tableBetween = 14  // between two columns
	tableEdge    = 6   // at the left and right of a row
	tableNarrow  = 470 // below this width, cells stand below each other
	tableMark    = 17  // of the mark ahead of a text
)

// columnShares is how the columns share the width, by their number.
func columnShares(columns int) []float32 {
	if columns == 4 {
		return []float32{0.34, 0.16, 0.18, 0.32}
	}
	return []float32{0.23, 0.45, 0.32}
}

// tableLayout tells a table its width ahead of its layout, since Fyne asks what
// wraps for its height before it says how wide it is.
type tableLayout struct{ *Table }

// MinSize implements [fyne.Layout].
func (tableLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, TableHeight) }

// Layout implements [fyne.Layout].
func (l tableLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if width := size.Width - ScrollBar; width != l.width {
		l.width, l.moved = width, true
		l.place()
	}
	Place(objects[0], fyne.NewPos(0, 0), size)
	objects[0].Refresh()
}

// place puts every label where it belongs at the width, if anything changed
// that could move one.
func (t *Table) place() {
	if text := theme.TextSize(); t.moved || text != t.text {
		t.moved, t.text = false, text
		t.placeLabels()
	}
	t.placeRing()
}

func (t *Table) placeLabels() {
	y := float32(tableGap)
	for _, n := range t.notes {
		y += placeLabel(n, tableEdge, y, t.width-2*tableEdge) + 4
	}
	if len(t.notes) > 0 {
		y += tableGap
	}
	narrow := t.width < tableNarrow
	for _, h := range t.head {
		h.text.Hidden = narrow
	}
	if len(t.head) > 0 && !narrow {
		y += t.placeCells(t.head, y) + tableGap
	}
	for _, r := range t.rows {
		if len(r.cells) == 1 {
			y += 2 * tableGap
		}
		r.top = y
		Place(r.line, fyne.NewPos(0, y), fyne.NewSize(t.width, 1))
		y += tableGap
		y += t.placeCells(r.cells, y) + tableGap
		r.bottom = y
	}
	t.height = y + tableGap // so that the ring of the last row is whole
}

// placeCells puts the cells of a row beside each other, or below each other
// where it is narrow, and returns their height.
func (t *Table) placeCells(cells []drawnCell, y float32) float32 {
	inner := t.width - 2*tableEdge
	if len(cells) == 1 {
		return cells[0].place(tableEdge, y, inner)
	}
	x, tallest := float32(tableEdge), float32(0)
	if t.width < tableNarrow {
		for _, c := range cells {
			if c.text.Text != "" {
				tallest += c.place(x, y+tallest, inner) + 2
			}
		}
		return tallest
	}
	inner -= tableBetween * float32(len(cells)-1)
	for i, share := range columnShares(len(cells)) {
		width := inner * share
		tallest = max(tallest, cells[i].place(x, y, width))
		x += width + tableBetween
	}
	return tallest
}

// place puts a cell in its place, and returns its height.
func (c drawnCell) place(x, y, width float32) float32 {
	if c.mark == nil {
		return placeLabel(c.text, x, y, width)
	}
	down := float32(0)
	if c.mark.Text != "–" {
		down = 2 // the font of the others sits higher
	}
	placeLabel(c.mark, x, y+down, tableMark)
	return placeLabel(c.text, x+tableMark, y, width-tableMark)
}

// placeLabel puts a label in its place, without the empty room that Fyne leaves
// around it, and returns its height.
func placeLabel(l *Label, x, y, width float32) float32 {
	pad := theme.InnerPadding()
	return fit(l, fyne.NewPos(x-pad, y-pad), width+2*pad) - 2*pad
}

// placeRing puts the ring around the current row.
func (t *Table) placeRing() {
	t.ring.Hidden = !t.focused || t.current < 0
	if t.ring.Hidden {
		return
	}
	r := t.rows[t.current]
	Place(t.ring, fyne.NewPos(1, r.top+1), fyne.NewSize(t.width-2, r.bottom-r.top-1))
}
