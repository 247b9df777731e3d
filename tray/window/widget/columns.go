package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// The measures of two columns.
const (
	columnsWidth  = 560 // the least of both
	columnsHeight = 200 // the least
	columnsGap    = 14
)

// TwoColumns puts two objects beside each other with a line between them, the
// first a little wider.
func TwoColumns(first, second fyne.CanvasObject) *fyne.Container {
	return container.New(columns{}, first, Separator(), second)
}

type columns struct{}

// MinSize implements [fyne.Layout].
func (columns) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(columnsWidth, columnsHeight)
}

// Layout implements [fyne.Layout].
func (columns) Layout(o []fyne.CanvasObject, size fyne.Size) {
	first := (size.Width - 2*columnsGap) * 0.54
	line := o[1].MinSize().Width
	Place(o[0], fyne.NewPos(0, 0), fyne.NewSize(first, size.Height))
	Place(o[1], fyne.NewPos(first+columnsGap, 0), fyne.NewSize(line, size.Height))
	Place(o[2], fyne.NewPos(first+2*columnsGap, 0), fyne.NewSize(size.Width-first-2*columnsGap, size.Height))
}

// Beside puts a second object at the right of a first one of a fixed width.
func Beside(width float32, first, second fyne.CanvasObject) *fyne.Container {
	return container.New(beside{width}, first, second)
}

type beside struct{ first float32 }

// MinSize implements [fyne.Layout].
func (b beside) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(o[0].MinSize().Height, o[1].MinSize().Height))
}

// Layout implements [fyne.Layout].
func (b beside) Layout(o []fyne.CanvasObject, size fyne.Size) {
	Place(o[0], fyne.NewPos(0, 0), fyne.NewSize(b.first, o[0].MinSize().Height))
	Place(o[1], fyne.NewPos(b.first, 0), fyne.NewSize(size.Width-b.first, size.Height))
}
