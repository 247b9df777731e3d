package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// build makes the labels for d.
func (t *Table) build(d TableData) {
	t.rows, t.notes, t.head, t.current, t.moved = nil, nil, nil, -1, true
	for range d.Notes {
		t.notes = append(t.notes, Text(""))
	}
	for _, name := range d.Head {
		t.head = append(t.head, drawnCell{text: Bold(name)})
	}
	for _, r := range d.Rows {
		row := &drawnRow{line: canvas.NewRectangle(color.Transparent)}
		for i, text := range r.Cells {
			c := drawnCell{text: Text("")}
			c.text.TextStyle.Bold = i == 0
			if mark, _ := cutMark(text); mark != "" {
				c.mark = Text("")
			}
			row.cells = append(row.cells, c)
		}
		t.rows = append(t.rows, row)
	}
	t.current = t.firstRow()
}

// CreateRenderer implements [fyne.Widget].
func (t *Table) CreateRenderer() fyne.WidgetRenderer {
	r := &tableRenderer{t}
	r.Refresh()
	return r
}

type tableRenderer struct{ *Table }

func (r *tableRenderer) Destroy()           {}
func (r *tableRenderer) MinSize() fyne.Size { return fyne.NewSize(0, r.height) }
func (r *tableRenderer) Layout(fyne.Size)   {}

func (r *tableRenderer) Objects() []fyne.CanvasObject {
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

func (r *tableRenderer) Refresh() {
	for _, row := range r.rows {
		row.line.FillColor = theme.Color(theme.ColorNameSeparator)
	}
	styleRing(r.ring)
	r.place()
	canvas.Refresh(r.Table)
}
