package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// flowGap is the room between what flows, both ways.
const flowGap = 8

// Flow puts objects beside each other, and goes on below where the width is used
// up.
func Flow(width func() float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(flow{width}, objects...)
}

type flow struct{ width func() float32 }

// MinSize implements [fyne.Layout].
func (f flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, f.walk(objects, func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

// Layout implements [fyne.Layout].
func (f flow) Layout(objects []fyne.CanvasObject, _ fyne.Size) { f.walk(objects, Place) }

// walk tells at where each object belongs, and returns their height together.
func (f flow) walk(objects []fyne.CanvasObject, at func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	var next fyne.Position
	var height float32
	most := f.width()
	for _, o := range objects {
		size := o.MinSize()
		size.Width = min(size.Width, most)
		if next.X > 0 && next.X+size.Width > most {
			next = fyne.NewPos(0, next.Y+height+flowGap)
			height = 0
		}
		at(o, next, size)
		next.X += size.Width + flowGap
		height = max(height, size.Height)
	}
	return next.Y + height
}
