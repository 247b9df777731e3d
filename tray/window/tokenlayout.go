package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"keyfob/tray/window/widget"
)

// tokenLeast is the least width of the page of a token, in Fyne's units.
const tokenLeast = 320

// tokenLayout places the head, the tabs, what scrolls, which takes the room that
// is left, the row below it and the buttons. It tells the page its width first,
// since what wraps is asked for its height ahead of its width.
type tokenLayout struct{ *tokenDrawing }

// tokenGaps are below the head, the tabs, the body and the row below it.
var tokenGaps = [4]float32{10, 6, 8, 8}

// MinSize implements [fyne.Layout].
func (t tokenLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		height += o.MinSize().Height
		if i < len(tokenGaps) {
			height += tokenGaps[i]
		}
	}
	return fyne.NewSize(max(tokenLeast, objects[1].MinSize().Width), height)
}

// Layout implements [fyne.Layout].
func (t tokenLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	head, tabs, body, row, buttons := objects[0], objects[1], objects[2], objects[3], objects[4]
	if size.Width <= 0 {
		return // not placed yet
	}
	t.width = size.Width
	across := func(o fyne.CanvasObject, y, height float32) {
		widget.Place(o, fyne.NewPos(0, y), fyne.NewSize(size.Width, height))
	}
	y := head.MinSize().Height
	across(head, 0, y)
	if !tabs.Visible() {
		return
	}
	y += tokenGaps[0]
	across(tabs, y, tabs.MinSize().Height)
	y += tabs.MinSize().Height + tokenGaps[1]
	end := size.Height - buttons.MinSize().Height
	across(buttons, end, buttons.MinSize().Height)
	end -= tokenGaps[3] + row.MinSize().Height
	across(row, end, row.MinSize().Height)
	across(body, y, max(0, end-tokenGaps[2]-y))
}

// maskRow places what stands for the token, the button that shows it, and what
// came of the last thing that was done: at the right, or below where that is
// too narrow. Without the first two, the words are all there is.
type maskRow struct{ width func() float32 }

// outcomeLeast is the least width of the words beside a button.
const outcomeLeast = 200

// MinSize implements [fyne.Layout].
func (m maskRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, m.place(objects, func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

// Layout implements [fyne.Layout].
func (m maskRow) Layout(objects []fyne.CanvasObject, _ fyne.Size) { m.place(objects, widget.Place) }

// place tells at where each object belongs, and returns their height together.
func (m maskRow) place(objects []fyne.CanvasObject, at func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	pad, width := theme.InnerPadding(), m.width()
	outcome := objects[len(objects)-1]
	next, row := fyne.NewPos(0, 0), float32(0)
	for _, o := range objects[:len(objects)-1] {
		size := o.MinSize()
		if next.X > 0 {
			next.X += pad
		} else {
			next.X -= pad
		}
		at(o, next, size)
		next.X += size.Width
		row = max(row, size.Height)
	}
	next.X += 2 * pad
	below := len(objects) > 1 && width-next.X < outcomeLeast
	if below || len(objects) == 1 {
		next = fyne.NewPos(0, row)
	}
	size := fyne.NewSize(width-next.X+2*pad, 0)
	size.Height = widget.HeightAt(outcome, size.Width)
	switch {
	case next.Y > 0:
		at(outcome, fyne.NewPos(-pad, next.Y-pad/2), size)
		return row + size.Height - pad
	case len(objects) == 1:
		at(outcome, fyne.NewPos(-pad, -pad), size)
		return size.Height - 2*pad
	}
	at(outcome, fyne.NewPos(next.X-pad, max(0, (row-size.Height)/2)), size)
	return max(row, size.Height)
}
