package window

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
	rowMark   = 24
	rowGap    = 9
)

// marks are the pictures of the states, made once for each window: Fyne keeps
// a drawing for each resource.
type marks map[assets.Icon]fyne.Resource

func newMarks() marks {
	m := marks{}
	for _, i := range assets.Icons() {
		m[i] = fyne.NewStaticResource(string(i)+".png", i.PNG())
	}
	return m
}

// picture is a mark of a size.
func (m marks) picture(i assets.Icon, size float32) *canvas.Image {
	p := canvas.NewImageFromResource(m[i])
	p.FillMode = canvas.ImageFillContain
	p.SetMinSize(fyne.NewSquareSize(size))
	return p
}

// toolLine draws a toolRow in the list.
type toolLine struct {
	widget.BaseWidget
	marks       marks
	mark        *canvas.Image
	name, words *widget.Label
	bar         *timeBar
	shown       toolRow
}

func newToolLine(m marks) *toolLine {
	v := &toolLine{
		marks: m,
		mark:  m.picture(assets.IconOut, rowMark),
		name:  widget.NewLabel(""),
		words: widget.NewLabel(""),
		bar:   newTimeBar(),
	}
	v.name.Truncation, v.words.Truncation = fyne.TextTruncateEllipsis, fyne.TextTruncateEllipsis
	v.name.TextStyle.Bold = true
	v.words.SizeName = theme.SizeNameCaptionText
	v.ExtendBaseWidget(v)
	return v
}

// show draws r, touching only what differs.
func (v *toolLine) show(r toolRow) {
	if r.Mark != v.shown.Mark {
		v.mark.Resource = v.marks[r.Mark]
		v.mark.Refresh()
	}
	if r.Name != v.shown.Name {
		v.name.SetText(r.Name)
	}
	if r.Words != v.shown.Words {
		v.words.SetText(r.Words)
	}
	v.bar.set(r.Left)
	moves := r.Left.Shown != v.shown.Left.Shown
	if v.shown = r; moves {
		v.Refresh()
	}
}

// CreateRenderer implements [fyne.Widget].
func (v *toolLine) CreateRenderer() fyne.WidgetRenderer { return &toolLineRenderer{v} }

type toolLineRenderer struct{ v *toolLine }

func (r *toolLineRenderer) Destroy() {}

func (r *toolLineRenderer) Refresh() {
	r.Layout(r.v.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *toolLineRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.v.mark, r.v.name, r.v.words, r.v.bar}
}

// lines are the heights of the two lines of text, without the room that Fyne
// leaves around a label.
func (r *toolLineRenderer) lines() (name, words float32) {
	cut := 2 * theme.InnerPadding()
	return r.v.name.MinSize().Height - cut, r.v.words.MinSize().Height - cut
}

func (r *toolLineRenderer) MinSize() fyne.Size {
	name, words := r.lines()
	return fyne.NewSize(120, rowMargin+name+words+4+timeBarHeight+rowMargin)
}

func (r *toolLineRenderer) Layout(size fyne.Size) {
	pad := theme.InnerPadding()
	name, words := r.lines()
	left := float32(rowMargin + rowMark + rowGap)
	width := size.Width - left - rowMargin
	top := (size.Height - name - words) / 2
	if r.v.shown.Left.Shown {
		top = rowMargin
	}
	put(r.v.mark, fyne.NewPos(rowMargin, top+(name+words-rowMark)/2), fyne.NewSquareSize(rowMark))
	place := func(l *widget.Label, y, height float32) {
		put(l, fyne.NewPos(left-pad, y-pad), fyne.NewSize(width+2*pad, height+2*pad))
	}
	place(r.v.name, top, name)
	place(r.v.words, top+name, words)
	put(r.v.bar, fyne.NewPos(left, rowMargin+name+words+4), fyne.NewSize(width, timeBarHeight))
}
