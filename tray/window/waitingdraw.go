package window

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/assets"
)

// waitAct is a button of the page of a sign-in.
type waitAct string

// The buttons, by what is written on them.
const (
	waitAgain   waitAct = "Open the browser again"
	waitCopy    waitAct = "Copy the address"
	waitCancel  waitAct = "Cancel sign-in"
	waitRetry   waitAct = "Try again"
	waitClose   waitAct = "Close"
	waitDetails waitAct = "Copy details for your administrator"
)

// The measures of the page, in Fyne's units.
const (
	waitingMost  = 600 // the width of its text
	waitingLeast = 420
	waitingHigh  = 220
)

// waitingDrawing draws a waitingModel. Its buttons live as long as the page, so
// that the focus stays where it is.
type waitingDrawing struct {
	root    fyne.CanvasObject
	marks   marks
	width   float32
	box     *fyne.Container
	scroll  *container.Scroll
	since   *widget.Label
	turning *turning
	esc     func()
	press   map[waitAct]func()
	buttons map[waitAct]*button
	objects map[waitAct]fyne.CanvasObject
	folds   []*fold
	row     []waitAct // what is to be pressed now
	model   waitingModel
	said    said
}

// fold is a question whose answer is shown when it is pressed.
type fold struct {
	head   *button
	object fyne.CanvasObject
	do     string
	open   bool
	answer fyne.CanvasObject // while it is open
}

func newWaitingDrawing(esc func(), press map[waitAct]func()) *waitingDrawing {
	d := &waitingDrawing{
		marks: newMarks(), width: waitingLeast, esc: esc, press: press,
		since: widget.NewLabel(""), turning: newTurning(),
		buttons: map[waitAct]*button{}, objects: map[waitAct]fyne.CanvasObject{},
	}
	d.box = container.New(fluid{width: d.inner, gap: paneGap})
	d.scroll = container.NewVScroll(d.box)
	d.root = container.New(&onePane{d}, d.scroll)
	return d
}

func (d *waitingDrawing) inner() float32 { return d.width }

// onePane tells the drawing its width.
type onePane struct{ d *waitingDrawing }

// MinSize implements [fyne.Layout].
func (p *onePane) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(waitingLeast, waitingHigh)
}

// Layout implements [fyne.Layout].
func (p *onePane) Layout(o []fyne.CanvasObject, size fyne.Size) {
	p.d.width = min(size.Width-scrollBar, waitingMost)
	put(o[0], fyne.NewPos(0, 0), size)
}

// show draws m. The time alone touches nothing else.
func (d *waitingDrawing) show(m waitingModel) {
	d.since.SetText(m.Since)
	same := d.model
	if same.Since = m.Since; reflect.DeepEqual(same, m) {
		d.model = m
		return
	}
	d.model = m
	d.draw()
}

// say shows what came of something.
func (d *waitingDrawing) say(s said) {
	if s != d.said {
		d.said = s
		d.draw()
	}
}

func (d *waitingDrawing) draw() {
	m := d.model
	mark := assets.IconProblem
	d.row = []waitAct{waitRetry, waitClose}
	switch {
	case m.Waits:
		mark, d.row = assets.IconWorking, []waitAct{waitAgain, waitCopy, waitCancel}
		d.turning.Start()
	case m.Details:
		d.row = []waitAct{waitRetry, waitDetails, waitClose}
	}
	if !m.Waits {
		d.turning.Stop()
	}

	text := func() float32 { return d.width - paneMark - promptGap }
	head := []fyne.CanvasObject{heading(m.Heading)}
	for _, s := range m.Says {
		head = append(head, label(s, widget.MediumImportance))
	}
	if m.Problem != "" {
		head = append(head, label(m.Problem, widget.DangerImportance))
	}
	if m.Note != "" {
		head = append(head, caption(m.Note))
	}
	parts := []fyne.CanvasObject{container.New(beside{first: paneMark + promptGap},
		container.NewWithoutLayout(sized(d.marks.picture(mark, paneMark), paneMark)),
		container.New(prose(text), head...))}
	if m.Waits {
		parts = append(parts, container.New(turningRow{}, d.turning, d.since))
	}
	var row []fyne.CanvasObject
	for _, a := range d.row {
		row = append(row, d.button(a))
	}
	parts = append(parts, container.New(flow{width: d.inner, gap: 8}, row...))
	if d.said.Text != "" {
		parts = append(parts, container.New(prose(d.inner), d.said.label()))
	}
	if len(m.Help) > 0 {
		parts = append(parts, widget.NewSeparator(), d.help())
	}
	d.box.Objects = parts
	if d.scroll.Size().IsZero() {
		return // it will be laid out when its width is known
	}
	d.box.Refresh()
	d.scroll.Refresh()
}

// turningRow puts what turns and what is said of it on one line, below the
// mark and the text of a head.
type turningRow struct{}

// MinSize implements [fyne.Layout].
func (turningRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, o[0].MinSize().Height)
}

// Layout implements [fyne.Layout].
func (turningRow) Layout(o []fyne.CanvasObject, size fyne.Size) {
	turns, says := o[0].MinSize(), o[1].MinSize()
	put(o[0], fyne.NewPos((paneMark-turns.Width)/2, 0), turns)
	const left = paneMark + promptGap
	put(
		o[1],
		fyne.NewPos(left-theme.InnerPadding(), (size.Height-says.Height)/2),
		fyne.NewSize(size.Width-left+theme.InnerPadding(), says.Height),
	)
}

// help is the questions, each with its answer if it was pressed.
func (d *waitingDrawing) help() fyne.CanvasObject {
	if len(d.folds) != len(d.model.Help) {
		d.folds = nil
		for _, h := range d.model.Help {
			f := &fold{do: h.Do}
			f.head = newButton(h.Sees, widget.LowImportance, func() { d.unfold(f) }, d.esc, d.reveal)
			f.head.Alignment, f.head.Icon = widget.ButtonAlignLeading, theme.MenuExpandIcon()
			f.object = f.head.object()
			d.folds = append(d.folds, f)
		}
	}
	answer := func() float32 { return d.width - foldIndent }
	parts := []fyne.CanvasObject{container.New(prose(d.inner), strong("What does the browser say?"))}
	for _, f := range d.folds {
		parts = append(parts, f.object)
		if f.open {
			f.answer = container.New(beside{first: foldIndent}, container.NewWithoutLayout(),
				container.New(prose(answer), label(f.do, widget.MediumImportance)))
			parts = append(parts, f.answer)
		}
	}
	return container.New(fluid{width: d.inner, gap: 4}, parts...)
}

// foldIndent is how far an answer stands in below its question.
const foldIndent = 32

// unfold shows the answer of f, and no other.
func (d *waitingDrawing) unfold(f *fold) {
	for _, other := range d.folds {
		other.open = other == f && !f.open
		other.head.Icon = theme.MenuExpandIcon()
		if other.open {
			other.head.Icon = theme.MenuDropDownIcon()
		}
		other.head.Refresh()
	}
	if d.draw(); f.open {
		reveal(d.scroll, f.answer)
	}
	d.reveal(f.head)
}

// button is a button as drawn, the same object each time.
func (d *waitingDrawing) button(a waitAct) fyne.CanvasObject {
	b := d.buttons[a]
	if b == nil {
		importance := widget.MediumImportance
		if a == waitRetry {
			importance = widget.HighImportance
		}
		b = newButton(string(a), importance, d.press[a], d.esc, d.reveal)
		d.buttons[a], d.objects[a] = b, b.object()
	}
	if off := (a == waitAgain || a == waitCopy) && !d.model.Ready; off != b.Disabled() {
		if off {
			b.Disable()
		} else {
			b.Enable()
		}
	}
	return d.objects[a]
}

// first is the button that gets the focus: one that does no harm when it is
// pressed by mistake, or none.
func (d *waitingDrawing) first() fyne.Focusable {
	for _, a := range []waitAct{waitCopy, waitRetry} {
		if b := d.buttons[a]; b != nil && d.has(b) {
			return b
		}
	}
	return nil
}

// has reports whether f can be pressed now.
func (d *waitingDrawing) has(f fyne.Focusable) bool {
	for _, a := range d.row {
		if b := d.buttons[a]; fyne.Focusable(b) == f {
			return !b.Disabled()
		}
	}
	for _, fo := range d.folds {
		if fyne.Focusable(fo.head) == f {
			return len(d.model.Help) > 0
		}
	}
	return false
}

// owns reports whether f is a button of the page, of use now or not.
func (d *waitingDrawing) owns(f fyne.Focusable) bool {
	for _, b := range d.buttons {
		if fyne.Focusable(b) == f {
			return true
		}
	}
	for _, fo := range d.folds {
		if fyne.Focusable(fo.head) == f {
			return true
		}
	}
	return false
}

func (d *waitingDrawing) reveal(b *button) { reveal(d.scroll, b) }
