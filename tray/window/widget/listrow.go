package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/assets"
)

// The measures of a row, in Fyne's units.
const (
	rowMargin = 7
	rowIcon   = 24
	rowGap    = 9
)

// ListRow is a row of a [List].
type ListRow struct {
	Key      string // which one it is; not shown
	Title    string
	Text     string // below the title, in small letters
	Icon     assets.Icon
	TimeLeft TimeLeft
}

// drawnListRow draws a ListRow.
type drawnListRow struct {
	widget.BaseWidget
	icons       Icons
	icon        *canvas.Image
	title, text *Label
	bar         *TimeBar
	shown       ListRow
}

func newDrawnListRow(icons Icons) *drawnListRow {
	d := &drawnListRow{
		icons: icons,
		icon:  Picture(icons[assets.IconOut], rowIcon),
		title: CutLine(""),
		text:  CutLine(""),
		bar:   NewTimeBar(TimeLeft{}),
	}
	d.title.TextStyle.Bold = true
	d.text.SizeName = theme.SizeNameCaptionText
	d.ExtendBaseWidget(d)
	return d
}

// show draws r, touching only what differs.
func (d *drawnListRow) show(r ListRow) {
	if r.Icon != d.shown.Icon {
		d.icon.Resource = d.icons[r.Icon]
		d.icon.Refresh()
	}
	SetText(d.title, r.Title)
	SetText(d.text, r.Text)
	d.bar.Set(r.TimeLeft)
	moves := r.TimeLeft.Shown != d.shown.TimeLeft.Shown
	if d.shown = r; moves {
		d.Refresh()
	}
}

// CreateRenderer implements [fyne.Widget].
func (d *drawnListRow) CreateRenderer() fyne.WidgetRenderer { return &listRowRenderer{d} }

type listRowRenderer struct{ *drawnListRow }

func (r *listRowRenderer) Destroy() {}

func (r *listRowRenderer) Refresh() {
	r.Layout(r.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *listRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.icon, r.title, r.text, r.bar}
}

// lines are the heights of the two lines of text, without the room that Fyne
// leaves around a label.
func (r *listRowRenderer) lines() (title, text float32) {
	cut := 2 * theme.InnerPadding()
	return r.title.MinSize().Height - cut, r.text.MinSize().Height - cut
}

func (r *listRowRenderer) MinSize() fyne.Size {
	title, text := r.lines()
	return fyne.NewSize(120, rowMargin+title+text+4+timeBarHeight+rowMargin)
}

func (r *listRowRenderer) Layout(size fyne.Size) {
	pad := theme.InnerPadding()
	title, text := r.lines()
	indent := float32(rowMargin + rowIcon + rowGap)
	width := size.Width - indent - rowMargin
	top := (size.Height - title - text) / 2
	if r.shown.TimeLeft.Shown {
		top = rowMargin
	}
	Place(r.icon, fyne.NewPos(rowMargin, top+(title+text-rowIcon)/2), fyne.NewSquareSize(rowIcon))
	line := func(l *Label, y, height float32) {
		Place(l, fyne.NewPos(indent-pad, y-pad), fyne.NewSize(width+2*pad, height+2*pad))
	}
	line(r.title, top, title)
	line(r.text, top+title, text)
	Place(r.bar, fyne.NewPos(indent, rowMargin+title+text+4), fyne.NewSize(width, timeBarHeight))
}
