package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Fyne asks everything in sight for its least size each time that it draws, and
// draws again whenever a container was moved, wherever to. So a layout here
// changes nothing when it is asked for a size, and moves only what is not in
// its place yet: else an open window would draw itself for ever.

// put brings o to its place.
func put(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
	if o.Position() != at {
		o.Move(at)
	}
	if o.Size() != size {
		o.Resize(size)
	}
}

// tall is how high o is at a width, and changes nothing about it. Layouts whose
// text wraps know their width themselves.
func tall(o fyne.CanvasObject, width float32) float32 {
	if l, ok := o.(*widget.Label); ok && l.Wrapping != fyne.TextWrapOff && l.Size().Width != width {
		return twin(l, width).MinSize().Height
	}
	return o.MinSize().Height
}

// twin is a label of the same words at another width: Fyne breaks lines only
// where a label has a size.
func twin(l *widget.Label, width float32) *widget.Label {
	t := widget.NewLabel(l.Text)
	t.Wrapping, t.Truncation, t.TextStyle, t.SizeName = l.Wrapping, l.Truncation, l.TextStyle, l.SizeName
	t.Resize(fyne.NewSize(width, 0))
	return t
}

// fit gives o a width and its place, and returns the height that it takes
// there. It is for layouts alone: what wraps is laid out once that way.
func fit(o fyne.CanvasObject, at fyne.Position, width float32) float32 {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, o.Size().Height))
	}
	height := tall(o, width)
	put(o, at, fyne.NewSize(width, height))
	return height
}

// column stacks objects at one fixed width. Unlike Fyne's own box it knows the
// height of wrapped text at that width ahead of laying it out, so that the text
// gets the lines that it needs and the window fits them.
type column struct {
	width, gap float32
	cut        float32 // taken off each object all round, where it is empty
}

// words stacks labels as text is set: without the room that Fyne leaves around
// each.
func words(width float32, labels ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(column{width: width, gap: 6, cut: theme.InnerPadding()}, labels...)
}

// MinSize implements [fyne.Layout].
func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var y float32
	for i, o := range objects {
		if i > 0 {
			y += c.gap
		}
		y += tall(o, c.width+2*c.cut) - 2*c.cut
	}
	return fyne.NewSize(c.width, y)
}

// Layout implements [fyne.Layout].
func (c column) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	var y float32
	for i, o := range objects {
		if i > 0 {
			y += c.gap
		}
		y += fit(o, fyne.NewPos(-c.cut, y-c.cut), c.width+2*c.cut) - 2*c.cut
	}
}
