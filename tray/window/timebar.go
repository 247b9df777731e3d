package window

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// timeBarHeight is the thickness of a timeBar.
const timeBarHeight = 4

// The colours of a timeBar are those of the marks beside it.
var (
	timeWell = color.NRGBA{R: 0x1f, G: 0x9d, B: 0x55, A: 0xff}
	timeSoon = color.NRGBA{R: 0xd0, G: 0x83, B: 0x08, A: 0xff}
)

// timeBar is a thin line that is as long as there is time left.
type timeBar struct {
	widget.BaseWidget
	share       share
	track, fill *canvas.Rectangle
}

func newTimeBar() *timeBar {
	b := &timeBar{track: canvas.NewRectangle(color.Transparent), fill: canvas.NewRectangle(color.Transparent)}
	b.track.CornerRadius, b.fill.CornerRadius = timeBarHeight/2, timeBarHeight/2
	b.ExtendBaseWidget(b)
	return b
}

// set shows s, and nothing where there is no end to count down to.
func (b *timeBar) set(s share) {
	if s != b.share {
		b.share = s
		b.Refresh()
	}
}

// CreateRenderer implements [fyne.Widget].
func (b *timeBar) CreateRenderer() fyne.WidgetRenderer {
	r := &timeBarRenderer{b}
	r.Refresh()
	return r
}

type timeBarRenderer struct{ *timeBar }

func (r *timeBarRenderer) Destroy()                     {}
func (r *timeBarRenderer) MinSize() fyne.Size           { return fyne.NewSize(0, timeBarHeight) }
func (r *timeBarRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.track, r.fill} }

func (r *timeBarRenderer) Layout(size fyne.Size) {
	at := fyne.NewPos(0, (size.Height-timeBarHeight)/2)
	put(r.track, at, fyne.NewSize(size.Width, timeBarHeight))
	// An end as round as the line is thick is the least that can be seen.
	put(r.fill, at, fyne.NewSize(max(size.Width*r.share.Part, min(timeBarHeight, size.Width)), timeBarHeight))
}

func (r *timeBarRenderer) Refresh() {
	r.track.FillColor = theme.Color(theme.ColorNameSeparator)
	r.fill.FillColor = timeWell
	if r.share.Soon {
		r.fill.FillColor = timeSoon
	}
	r.track.Hidden, r.fill.Hidden = !r.share.Shown, !r.share.Shown
	r.Layout(r.Size())
	r.track.Refresh()
	r.fill.Refresh()
}
