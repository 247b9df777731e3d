package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// InScroll is the width for what a scroll holds, beside its bar.
func InScroll(s *container.Scroll) func() float32 {
	return func() float32 { return max(s.Size().Width-ScrollBar, 100) }
}

// Reveal scrolls to what got the focus, which Fyne leaves out of sight, and to
// so much above and below it.
func Reveal(s *container.Scroll, o fyne.CanvasObject, margin float32) {
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	top := where(o).Y - where(s.Content).Y - margin
	bottom := top + o.Size().Height + 2*margin
	switch at := s.Offset.Y; {
	case top < at:
		s.ScrollToOffset(fyne.NewPos(0, max(top, 0)))
	case bottom > at+s.Size().Height:
		s.ScrollToOffset(fyne.NewPos(0, bottom-s.Size().Height))
	}
}
