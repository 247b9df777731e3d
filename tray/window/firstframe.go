package window

import (
	"image"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// newFirstFrame is an object without anything to see, which has to be in a
// window. It calls drawn once, on Fyne's goroutine, when the first frame with the
// object in it has been painted and shown; nil is for nobody to tell.
//
// Fyne tells nobody of that. But it asks a raster for its pixels while it paints,
// and what is queued then runs when the frame is done.
func newFirstFrame(drawn func()) fyne.CanvasObject {
	var once sync.Once
	r := canvas.NewRaster(func(int, int) image.Image {
		once.Do(func() {
			if drawn != nil {
				go fyne.Do(drawn)
			}
		})
		return image.NewNRGBA(image.Rect(0, 0, 1, 1))
	})
	r.Resize(fyne.NewSize(1, 1))
	return r
}
