package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"keyfob/assets"
)

// Icons are the pictures of the states, made once for each page: Fyne keeps a
// drawing for each resource.
type Icons map[assets.Icon]fyne.Resource

// NewIcons makes the pictures of all states.
func NewIcons() Icons {
	all := Icons{}
	for _, i := range assets.Icons() {
		all[i] = fyne.NewStaticResource(string(i)+".png", i.PNG())
	}
	return all
}

// Picture is a picture that keeps its shape at a size.
func Picture(r fyne.Resource, size float32) *canvas.Image {
	p := canvas.NewImageFromResource(r)
	p.FillMode = canvas.ImageFillContain
	p.SetMinSize(fyne.NewSquareSize(size))
	return p
}

// WithPicture is [Prose] at the right of a picture.
func WithPicture(width func() float32, picture fyne.Resource, labels ...fyne.CanvasObject) *fyne.Container {
	p := Picture(picture, PictureSize)
	p.Resize(fyne.NewSquareSize(PictureSize))
	inner := func() float32 { return width() - TextIndent }
	return Beside(TextIndent, container.NewWithoutLayout(p), Prose(inner, 4, labels...))
}
