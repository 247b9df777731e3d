package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// fluid is a [column] whose width is asked for each time, for what follows the
// width of the window. Fyne asks for the height of an object ahead of telling
// it its width, so wrapped text has to know the width from elsewhere.
type fluid struct {
	width    func() float32
	gap, cut float32
}

func (f fluid) column() column { return column{width: f.width(), gap: f.gap, cut: f.cut} }

// MinSize implements [fyne.Layout]. The width may become less.
func (f fluid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, f.column().MinSize(objects).Height)
}

// Layout implements [fyne.Layout].
func (f fluid) Layout(objects []fyne.CanvasObject, size fyne.Size) { f.column().Layout(objects, size) }

// prose is a fluid of labels, set like [words].
func prose(width func() float32) fluid {
	return fluid{width: width, gap: 4, cut: theme.InnerPadding()}
}

// flow puts objects beside each other, and goes on below where the width is
// used up.
type flow struct {
	width func() float32
	gap   float32
}

// MinSize implements [fyne.Layout].
func (f flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, f.place(objects, func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

// Layout implements [fyne.Layout].
func (f flow) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	f.place(objects, put)
}

func (f flow) place(objects []fyne.CanvasObject, put func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	var at fyne.Position
	var height float32
	most := f.width()
	for _, o := range objects {
		size := o.MinSize()
		if size.Width > most {
			size.Width = most
		}
		if at.X > 0 && at.X+size.Width > most {
			at = fyne.NewPos(0, at.Y+height+f.gap)
			height = 0
		}
		put(o, at, size)
		at.X += size.Width + f.gap
		height = max(height, size.Height)
	}
	return at.Y + height
}

// beside puts a second object at the right of a first one of a fixed width.
type beside struct {
	first float32
}

// MinSize implements [fyne.Layout].
func (b beside) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(o[0].MinSize().Height, o[1].MinSize().Height))
}

// Layout implements [fyne.Layout].
func (b beside) Layout(o []fyne.CanvasObject, size fyne.Size) {
	put(o[0], fyne.NewPos(0, 0), fyne.NewSize(b.first, o[0].MinSize().Height))
	put(o[1], fyne.NewPos(b.first, 0), fyne.NewSize(size.Width-b.first, size.Height))
}
