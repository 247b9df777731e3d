package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// tokenLeast is the least width of the page of a token, in Fyne's units.
const tokenLeast = 320

// tokenRoom places the head, the tabs, what scrolls, which takes the room that
// is left, and the foot. It tells the page its width first, since what wraps is
// asked for its height ahead of its width.
type tokenRoom struct{ *tokenDraw }

// tokenGaps are below the head, the tabs and the body.
var tokenGaps = [3]float32{10, 6, 8}

// MinSize implements [fyne.Layout].
func (t tokenRoom) MinSize(objects []fyne.CanvasObject) fyne.Size {
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
func (t tokenRoom) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	head, tabs, body, foot := objects[0], objects[1], objects[2], objects[3]
	if size.Width <= 0 {
		return // not placed yet
	}
	t.width = size.Width
	across := func(o fyne.CanvasObject, y, height float32) {
		put(o, fyne.NewPos(0, y), fyne.NewSize(size.Width, height))
	}
	y := head.MinSize().Height
	across(head, 0, y)
	if !tabs.Visible() {
		return
	}
	y += tokenGaps[0]
	across(tabs, y, tabs.MinSize().Height)
	y += tabs.MinSize().Height + tokenGaps[1]
	end := size.Height - foot.MinSize().Height
	across(foot, end, foot.MinSize().Height)
	across(body, y, max(0, end-tokenGaps[2]-y))
}

// maskRow places what stands for the token, the button that shows it, and what
// came of the last thing that was done: at the right, or below where that is
// too narrow. Without the first two, the words are all there is.
type maskRow struct{ width func() float32 }

// saidLeast is the least width of the words beside a button.
const saidLeast = 200

// MinSize implements [fyne.Layout].
func (m maskRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, m.place(objects, func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

// Layout implements [fyne.Layout].
func (m maskRow) Layout(objects []fyne.CanvasObject, _ fyne.Size) { m.place(objects, put) }

func (m maskRow) place(objects []fyne.CanvasObject, put func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	pad, width := theme.InnerPadding(), m.width()
	said := objects[len(objects)-1]
	at, row := fyne.NewPos(0, 0), float32(0)
	for _, o := range objects[:len(objects)-1] {
		size := o.MinSize()
		if at.X > 0 {
			at.X += pad
		} else {
			at.X -= pad
		}
		put(o, at, size)
		at.X += size.Width
		row = max(row, size.Height)
	}
	at.X += 2 * pad
	below := len(objects) > 1 && width-at.X < saidLeast
	if below || len(objects) == 1 {
		at = fyne.NewPos(0, row)
	}
	size := fyne.NewSize(width-at.X+2*pad, 0)
	size.Height = tall(said, size.Width)
	switch {
	case at.Y > 0:
		put(said, fyne.NewPos(-pad, at.Y-pad/2), size)
		return row + size.Height - pad
	case len(objects) == 1:
		put(said, fyne.NewPos(-pad, -pad), size)
		return size.Height - 2*pad
	}
	put(said, fyne.NewPos(at.X-pad, max(0, (row-size.Height)/2)), size)
	return max(row, size.Height)
}
