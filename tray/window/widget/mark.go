package widget

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// Mark says how something came out, each drawn in a shape of its own. Its text
// is for those who read it.
type Mark string

// The marks.
const (
	MarkGood    Mark = "ok"
	MarkBad     Mark = "failed"
	MarkWeak    Mark = "could be better"
	MarkUnknown Mark = "not known"
	MarkNote    Mark = "to know"
)

// markGap is the room between a mark and its text.
const markGap = 8

// Marked puts a mark of a size before labels that wrap, at the first line.
func Marked(width func() float32, m Mark, size float32, labels ...fyne.CanvasObject) *fyne.Container {
	icon := canvas.NewImageFromResource(markIcon(m))
	icon.FillMode = canvas.ImageFillContain
	inner := func() float32 { return width() - size - markGap }
	return container.New(marked{width: width, mark: size}, icon, Prose(inner, 4, labels...))
}

// markIcon draws a mark.
func markIcon(m Mark) fyne.Resource {
	switch m {
	case MarkGood:
		return theme.NewSuccessThemedResource(theme.ConfirmIcon())
	case MarkBad:
		return theme.NewErrorThemedResource(theme.CancelIcon())
	case MarkWeak:
		return theme.NewWarningThemedResource(theme.WarningIcon())
	case MarkUnknown:
		return theme.NewColoredResource(theme.QuestionIcon(), theme.ColorNamePlaceHolder)
	}
	return theme.NewColoredResource(theme.InfoIcon(), theme.ColorNamePlaceHolder)
}

type marked struct {
	width func() float32
	mark  float32
}

// indent is what the mark takes of the width.
func (m marked) indent() float32 { return m.mark + markGap }

// MinSize implements [fyne.Layout].
func (m marked) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, max(HeightAt(o[1], m.width()-m.indent()), m.mark))
}

// Layout implements [fyne.Layout].
func (m marked) Layout(o []fyne.CanvasObject, _ fyne.Size) {
	fit(o[1], fyne.NewPos(m.indent(), 0), m.width()-m.indent())
	Place(o[0], fyne.NewPos(0, 1), fyne.NewSquareSize(m.mark))
}
