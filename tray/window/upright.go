package window

import "fyne.io/fyne/v2"

// upright stacks what is visible at a width that is asked for each time, since
// Fyne asks wrapped text for its height ahead of telling it its width.
type upright struct {
	width    func() float32
	gap, cut float32 // cut is taken off each object all round, where it is empty
}

// MinSize implements [fyne.Layout]. The width may become less.
func (u upright) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := u.width() + 2*u.cut
	return fyne.NewSize(0, u.stack(objects, func(o fyne.CanvasObject, _ float32) float32 { return tall(o, width) }))
}

// Layout implements [fyne.Layout].
func (u upright) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	width := u.width() + 2*u.cut
	u.stack(objects, func(o fyne.CanvasObject, y float32) float32 { return fit(o, fyne.NewPos(-u.cut, y-u.cut), width) })
}

// stack goes through what can be seen, has each height from at, and returns
// their height together.
func (u upright) stack(objects []fyne.CanvasObject, at func(o fyne.CanvasObject, y float32) float32) float32 {
	var y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		next := y
		if y > 0 {
			next += u.gap
		}
		height := at(o, next) - 2*u.cut
		if height <= 0 {
			continue // all in it is hidden, and leaves no gap
		}
		y = next + height
	}
	return y
}

// markGap is the room between a mark and its text.
const markGap = 8

// marked puts a mark of a size before text that wraps, at its first line.
type marked struct {
	width func() float32
	mark  float32
}

// MinSize implements [fyne.Layout].
func (m marked) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(tall(o[1], m.width()-m.left()), m.mark))
}

// left is what the mark takes of the width.
func (m marked) left() float32 { return m.mark + markGap }

// Layout implements [fyne.Layout].
func (m marked) Layout(o []fyne.CanvasObject, _ fyne.Size) {
	fit(o[1], fyne.NewPos(m.left(), 0), m.width()-m.left())
	put(o[0], fyne.NewPos(0, 1), fyne.NewSquareSize(m.mark))
}

// halves puts two columns beside each other with a line between them, the first
// a little wider.
type halves struct{}

// The least size of two columns.
const (
	halvesWidth  = 560
	halvesHeight = 200
	halvesGap    = 14
)

// MinSize implements [fyne.Layout].
func (halves) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(halvesWidth, halvesHeight) }

// Layout implements [fyne.Layout].
func (halves) Layout(o []fyne.CanvasObject, size fyne.Size) {
	first := (size.Width - 2*halvesGap) * 0.54
	line := o[1].MinSize().Width
	put(o[0], fyne.NewPos(0, 0), fyne.NewSize(first, size.Height))
	put(o[1], fyne.NewPos(first+halvesGap, 0), fyne.NewSize(line, size.Height))
	put(o[2], fyne.NewPos(first+2*halvesGap, 0), fyne.NewSize(size.Width-first-2*halvesGap, size.Height))
}
