package widget

import (
	"image/color"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// newRing makes the frame around what has the focus, out of sight.
func newRing() *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth = 2
	r.Hide()
	return r
}

// styleRing gives a ring the colour and the corners of the theme.
func styleRing(r *canvas.Rectangle) {
	r.StrokeColor = theme.Color(theme.ColorNameForeground)
	r.CornerRadius = theme.InputRadiusSize()
}

func showRing(r *canvas.Rectangle) {
	styleRing(r)
	r.Show()
}
