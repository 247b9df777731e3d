package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// column stacks objects at one fixed width. Unlike Fyne's own box it lays an
// object out at that width before it asks for the height, so that wrapped text
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
	return fyne.NewSize(c.width, c.place(objects, c.width))
}

// Layout implements [fyne.Layout].
func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	c.place(objects, size.Width)
}

// place puts the objects under each other and returns their height together.
func (c column) place(objects []fyne.CanvasObject, width float32) float32 {
	var y float32
	for i, o := range objects {
		if i > 0 {
			y += c.gap
		}
		o.Resize(fyne.NewSize(width+2*c.cut, o.Size().Height))
		height := o.MinSize().Height
		o.Resize(fyne.NewSize(width+2*c.cut, height))
		o.Move(fyne.NewPos(-c.cut, y-c.cut))
		y += height - 2*c.cut
	}
	return y
}
