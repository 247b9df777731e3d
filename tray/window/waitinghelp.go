package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"keyfob/tray/window/widget"
)

// answerIndent is how far an answer stands in below its question.
const answerIndent = 32

// helpDrawing draws questions, each with its answer if it was pressed.
type helpDrawing struct {
	width     func() float32
	scroll    *container.Scroll // that it is in
	redraw    func()
	esc       func()
	questions []*question
}

// question is one whose answer is shown when it is pressed.
type question struct {
	head   *widget.Button
	text   string
	shown  bool
	answer fyne.CanvasObject // while it is shown
}

func newHelpDrawing(width func() float32, scroll *container.Scroll, redraw, esc func()) *helpDrawing {
	return &helpDrawing{width: width, scroll: scroll, redraw: redraw, esc: esc}
}

// object is the help as it is to be seen now.
func (d *helpDrawing) object(all []help) fyne.CanvasObject {
	if len(d.questions) != len(all) {
		d.make(all)
	}
	answer := func() float32 { return d.width() - answerIndent }
	parts := []fyne.CanvasObject{widget.Prose(d.width, proseGap, widget.Bold("What does the browser say?"))}
	for _, q := range d.questions {
		parts = append(parts, q.head.Object())
		if q.shown {
			text := widget.Prose(answer, proseGap, widget.Text(q.text))
			q.answer = widget.Beside(answerIndent, container.NewWithoutLayout(), text)
			parts = append(parts, q.answer)
		}
	}
	return widget.Column(d.width, 4, parts...)
}

func (d *helpDrawing) make(all []help) {
	d.questions = nil
	for _, h := range all {
		q := &question{text: h.Do}
		q.head = widget.NewButton(h.Sees, widget.Quiet, func() { d.press(q) }, d.esc)
		q.head.Alignment, q.head.Icon = widget.Leading, theme.MenuExpandIcon()
		q.head.OnFocus = func(b *widget.Button) { widget.Reveal(d.scroll, b, revealMargin) }
		d.questions = append(d.questions, q)
	}
}

// press shows the answer of q and no other, or none if it was shown.
func (d *helpDrawing) press(q *question) {
	for _, other := range d.questions {
		other.shown = other == q && !q.shown
		other.head.Icon = theme.MenuExpandIcon()
		if other.shown {
			other.head.Icon = theme.MenuDropDownIcon()
		}
		other.head.Refresh()
	}
	if d.redraw(); q.shown {
		widget.Reveal(d.scroll, q.answer, revealMargin)
	}
	widget.Reveal(d.scroll, q.head, revealMargin)
}

// owns reports whether f is one of the questions.
func (d *helpDrawing) owns(f fyne.Focusable) bool {
	for _, q := range d.questions {
		if fyne.Focusable(q.head) == f {
			return true
		}
	}
	return false
}
