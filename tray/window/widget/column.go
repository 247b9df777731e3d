package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// column stacks what can be seen of its objects at one width. Unlike Fyne's own
// box it knows the height of wrapped text at that width ahead of laying it out,
// so that the text gets the lines that it needs. The width is asked for each
// time: Fyne asks for a height before it says how wide something is.
type column struct {
	width func() float32
	fixed bool // the width is the least, too
	gap   float32
	cut   float32 // taken off each object all round, where it is empty
}

// Column stacks objects at a width that follows the window's.
func Column(width func() float32, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{width: width, gap: gap}, objects...)
}

// FixedColumn stacks objects at a width that stays.
func FixedColumn(width, gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{width: func() float32 { return width }, fixed: true, gap: gap}, objects...)
}

// Prose is a [Column] of labels, stacked as text is set: without the empty room
// that Fyne leaves around each.
func Prose(width func() float32, gap float32, labels ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{width: width, gap: gap, cut: theme.InnerPadding()}, labels...)
}

// FixedProse is [Prose] at a width that stays.
func FixedProse(width float32, labels ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{width: func() float32 { return width }, fixed: true, gap: 6, cut: theme.InnerPadding()}, labels...)
}

// MinSize implements [fyne.Layout]. Unless it is fixed the width may become
// less.
func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	width := c.width() + 2*c.cut
	height := c.stack(objects, func(o fyne.CanvasObject, _ float32) float32 { return HeightAt(o, width) })
	if c.fixed {
		return fyne.NewSize(c.width(), height)
	}
	return fyne.NewSize(0, height)
}

// Layout implements [fyne.Layout].
func (c column) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	width := c.width() + 2*c.cut
	c.stack(objects, func(o fyne.CanvasObject, y float32) float32 { return fit(o, fyne.NewPos(-c.cut, y-c.cut), width) })
}

// stack goes through what can be seen, has each height from at, and returns
// their height together.
func (c column) stack(objects []fyne.CanvasObject, at func(o fyne.CanvasObject, y float32) float32) float32 {
	var y float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		next := y
		if y > 0 {
			next += c.gap
		}
		height := at(o, next) - 2*c.cut
		if height <= 0 {
			continue // all in it is hidden, and leaves no gap
		}
		y = next + height
	}
	return y
}
