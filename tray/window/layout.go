package window

import "fyne.io/fyne/v2"

// column stacks objects at one fixed width. Unlike Fyne's own box it lays an
// object out at that width before it asks for the height, so that wrapped text
// gets the lines that it needs and the window fits them.
type column struct{ width, gap float32 }

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
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if y > 0 {
			y += c.gap
		}
		o.Resize(fyne.NewSize(width, o.Size().Height))
		height := o.MinSize().Height
		o.Resize(fyne.NewSize(width, height))
		o.Move(fyne.NewPos(0, y))
		y += height
	}
	return y
}
