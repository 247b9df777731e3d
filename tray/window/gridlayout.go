package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The measures of a grid, in Fyne's units.
const (
	gridGap     = 5   // above and below the text of a row
	gridBetween = 14  // between two columns
	gridEdge    = 6   // at the left and right of a row
	gridNarrow  = 470 // below this width, cells stand below each other
	gridMark    = 17  // of the mark ahead of a text
	gridLeast   = 110 // high
)

// gridShares is how the columns share the width, by their number.
func gridShares(columns int) []float32 {
	if columns == 4 {
		return []float32{0.34, 0.16, 0.18, 0.32}
	}
	return []float32{0.23, 0.45, 0.32}
}

// gridRoom tells a grid its width ahead of its layout, since Fyne asks what
// wraps for its height before it says how wide it is.
type gridRoom struct{ *grid }

// MinSize implements [fyne.Layout].
func (gridRoom) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, gridLeast) }

// Layout implements [fyne.Layout].
func (l gridRoom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if width := size.Width - scrollBar; width != l.width {
		l.width, l.moved = width, true
		l.place()
	}
	put(objects[0], fyne.NewPos(0, 0), size)
	objects[0].Refresh()
}

// place puts every label where it belongs at the width, if anything changed
// that could move one.
func (g *grid) place() {
	pad := theme.InnerPadding()
	if text := theme.TextSize(); !g.moved && text == g.text {
		g.placeRing()
		return
	}
	g.moved, g.text = false, theme.TextSize()
	at := func(l *widget.Label, x, y, width float32) float32 {
		return fit(l, fyne.NewPos(x-pad, y-pad), width+2*pad) - 2*pad
	}
	y := float32(gridGap)
	for _, n := range g.notes {
		y += at(n, gridEdge, y, g.width-2*gridEdge) + 4
	}
	narrow := g.width < gridNarrow
	cell := func(c gridCell, x, y, width float32) float32 {
		if c.mark == nil {
			return at(c.text, x, y, width)
		}
		down := float32(0)
		if c.mark.Text != "–" {
			down = 2 // the font of the others sits higher
		}
		at(c.mark, x, y+down, gridMark)
		return at(c.text, x+gridMark, y, width-gridMark)
	}
	cells := func(labels []gridCell, y float32) float32 {
		inner := g.width - 2*gridEdge
		if len(labels) == 1 {
			return cell(labels[0], gridEdge, y, inner)
		}
		x, tallest := float32(gridEdge), float32(0)
		if narrow {
			for _, l := range labels {
				if l.text.Text != "" {
					tallest += cell(l, x, y+tallest, inner) + 2
				}
			}
			return tallest
		}
		inner -= gridBetween * float32(len(labels)-1)
		for i, share := range gridShares(len(labels)) {
			width := inner * share
			tallest = max(tallest, cell(labels[i], x, y, width))
			x += width + gridBetween
		}
		return tallest
	}
	if len(g.notes) > 0 {
		y += gridGap
	}
	for _, h := range g.head {
		h.text.Hidden = narrow
	}
	if len(g.head) > 0 && !narrow {
		y += cells(g.head, y) + gridGap
	}
	for _, r := range g.rows {
		if len(r.cells) == 1 {
			y += 2 * gridGap
		}
		r.top = y
		put(r.line, fyne.NewPos(0, y), fyne.NewSize(g.width, 1))
		y += gridGap
		y += cells(r.cells, y) + gridGap
		r.bottom = y
	}
	g.height = y + gridGap // so that the ring of the last row is whole
	g.placeRing()
}

// placeRing puts the ring around the current row.
func (g *grid) placeRing() {
	g.ring.Hidden = !g.focused || g.current < 0
	if g.ring.Hidden {
		return
	}
	r := g.rows[g.current]
	put(g.ring, fyne.NewPos(1, r.top+1), fyne.NewSize(g.width-2, r.bottom-r.top-1))
}

// CreateRenderer implements [fyne.Widget].
func (g *grid) CreateRenderer() fyne.WidgetRenderer {
	r := &gridRenderer{g}
	r.Refresh()
	return r
}

type gridRenderer struct{ *grid }

func (r *gridRenderer) Destroy()           {}
func (r *gridRenderer) MinSize() fyne.Size { return fyne.NewSize(0, r.height) }
func (r *gridRenderer) Layout(fyne.Size)   {}

func (r *gridRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{}
	for _, l := range r.notes {
		all = append(all, l)
	}
	for _, c := range r.head {
		all = append(all, c.text)
	}
	for _, row := range r.rows {
		all = append(all, row.line)
		for _, c := range row.cells {
			if c.mark != nil {
				all = append(all, c.mark)
			}
			all = append(all, c.text)
		}
	}
	return append(all, r.ring)
}

func (r *gridRenderer) Refresh() {
	for _, row := range r.rows {
		row.line.FillColor = theme.Color(theme.ColorNameSeparator)
	}
	r.ring.StrokeColor = theme.Color(theme.ColorNameForeground)
	r.ring.CornerRadius = theme.InputRadiusSize()
	r.place()
	canvas.Refresh(r.grid)
}
