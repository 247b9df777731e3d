package widget

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// timeBarHeight is the thickness of a TimeBar.
const timeBarHeight = 4

// TimeLeft is how much time is left of something.
type TimeLeft struct {
	Shown bool    // there is an end to count down to
	Part  float32 // from 1, all of it, to 0
	Soon  bool    // a person should know
}

// TimeBar is a thin line that is as long as there is time left.
type TimeBar struct {
	widget.BaseWidget
	left        TimeLeft
	track, fill *canvas.Rectangle
}

// NewTimeBar makes a line that shows left.
func NewTimeBar(left TimeLeft) *TimeBar {
	b := &TimeBar{left: left, track: canvas.NewRectangle(color.Transparent), fill: canvas.NewRectangle(color.Transparent)}
	b.track.CornerRadius, b.fill.CornerRadius = timeBarHeight/2, timeBarHeight/2
	b.ExtendBaseWidget(b)
	return b
}

// Set shows left, and nothing where there is no end to count down to.
func (b *TimeBar) Set(left TimeLeft) {
	if left != b.left {
		b.left = left
		b.Refresh()
	}
}

// CreateRenderer implements [fyne.Widget].
func (b *TimeBar) CreateRenderer() fyne.WidgetRenderer {
	r := &timeBarRenderer{b}
	r.Refresh()
	return r
}

type timeBarRenderer struct{ *TimeBar }

func (r *timeBarRenderer) Destroy()                     {}
func (r *timeBarRenderer) MinSize() fyne.Size           { return fyne.NewSize(0, timeBarHeight) }
func (r *timeBarRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.track, r.fill} }

func (r *timeBarRenderer) Layout(size fyne.Size) {
	at := fyne.NewPos(0, (size.Height-timeBarHeight)/2)
	Place(r.track, at, fyne.NewSize(size.Width, timeBarHeight))
	// An end as round as the line is thick is the least that can be seen.
	Place(r.fill, at, fyne.NewSize(max(size.Width*r.left.Part, min(timeBarHeight, size.Width)), timeBarHeight))
}

func (r *timeBarRenderer) Refresh() {
	r.track.FillColor = theme.Color(theme.ColorNameSeparator)
	r.fill.FillColor = colourPlenty
	if r.left.Soon {
		r.fill.FillColor = colourSoon
	}
	r.track.Hidden, r.fill.Hidden = !r.left.Shown, !r.left.Shown
	r.Layout(r.Size())
	r.track.Refresh()
	r.fill.Refresh()
}
