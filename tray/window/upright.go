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
	return fyne.NewSize(0, u.place(objects, u.width()))
}

// Layout implements [fyne.Layout].
func (u upright) Layout(objects []fyne.CanvasObject, size fyne.Size) { u.place(objects, size.Width) }

func (u upright) place(objects []fyne.CanvasObject, width float32) float32 {
	c := column{gap: u.gap, cut: u.cut}
	var y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		height := c.place([]fyne.CanvasObject{o}, width)
		if height <= 0 {
			continue // all in it is hidden, and leaves no gap
		}
		if y > 0 {
			y += u.gap
		}
		o.Move(fyne.NewPos(-u.cut, y-u.cut))
		y += height
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
	return fyne.NewSize(0, m.place(o, m.width()))
}

// Layout implements [fyne.Layout].
func (m marked) Layout(o []fyne.CanvasObject, size fyne.Size) { m.place(o, size.Width) }

func (m marked) place(o []fyne.CanvasObject, width float32) float32 {
	left := m.mark + markGap
	o[1].Resize(fyne.NewSize(width-left, o[1].Size().Height))
	height := o[1].MinSize().Height
	o[1].Resize(fyne.NewSize(width-left, height))
	o[1].Move(fyne.NewPos(left, 0))
	o[0].Resize(fyne.NewSquareSize(m.mark))
	o[0].Move(fyne.NewPos(0, 1))
	return max(height, m.mark)
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
	o[0].Move(fyne.NewPos(0, 0))
	o[0].Resize(fyne.NewSize(first, size.Height))
	o[1].Move(fyne.NewPos(first+halvesGap, 0))
	o[1].Resize(fyne.NewSize(line, size.Height))
	o[2].Move(fyne.NewPos(first+2*halvesGap, 0))
	o[2].Resize(fyne.NewSize(size.Width-first-2*halvesGap, size.Height))
}
