package widget

import (
	"fyne.io/fyne/v2"
)

// Fyne asks everything in sight for its least size each time that it draws, and
// draws again whenever a container was moved, wherever to. So a layout here
// changes nothing when it is asked for a size, and moves only what is not in
// its place yet: else an open window would draw itself for ever.

// Place brings o to its place, unless it is there.
func Place(o fyne.CanvasObject, at fyne.Position, size fyne.Size) {
	if o.Position() != at {
		o.Move(at)
	}
	if o.Size() != size {
		o.Resize(size)
	}
}

// HeightAt is how high o is at a width, and changes nothing about it. Layouts
// whose text wraps know their width themselves.
func HeightAt(o fyne.CanvasObject, width float32) float32 {
	if l, ok := o.(*Label); ok && l.Wrapping != fyne.TextWrapOff && l.Size().Width != width {
		return twin(l, width).MinSize().Height
	}
	return o.MinSize().Height
}

// twin is a label of the same words at another width: Fyne breaks lines only
// where a label has a size.
func twin(l *Label, width float32) *Label {
	t := Line(l.Text)
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
	height := HeightAt(o, width)
	Place(o, at, fyne.NewSize(width, height))
	return height
}

// Enable lets a person use a control, or not.
func Enable(w fyne.Disableable, can bool) {
	switch {
	case can && w.Disabled():
		w.Enable()
	case !can && !w.Disabled():
		w.Disable()
	}
}
