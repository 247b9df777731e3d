package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"keyfob/assets"
	"keyfob/tray/window/widget"
)

// waitAction is a button of the page of a sign-in.
type waitAction string

// The buttons, by what is written on them.
const (
	waitAgain   waitAction = "Open the browser again"
	waitCopy    waitAction = "Copy the address"
	waitCancel  waitAction = "Cancel sign-in"
	waitRetry   waitAction = "Try again"
	waitClose   waitAction = "Close"
	waitDetails waitAction = "Copy details for your administrator"
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
	icons   widget.Icons
	width   float32
	box     *fyne.Container
	scroll  *container.Scroll
	since   *widget.Label
	spinner *widget.Spinner
	help    *helpDrawing
	esc     func()
	press   map[waitAction]func()
	buttons map[waitAction]*widget.Button
	row     []waitAction // what is to be pressed now
	model   waitingModel
	outcome outcome
}

func newWaitingDrawing(esc func(), press map[waitAction]func()) *waitingDrawing {
	d := &waitingDrawing{
		icons: widget.NewIcons(), width: waitingLeast, esc: esc, press: press,
		since: widget.Line(""), spinner: widget.NewSpinner(),
		buttons: map[waitAction]*widget.Button{},
	}
	d.box = widget.Column(d.inner, partGap)
	d.scroll = container.NewVScroll(d.box)
	d.root = container.New(&waitingLayout{d}, d.scroll)
	d.help = newHelpDrawing(d.inner, d.scroll, d.draw, esc)
	return d
}

func (d *waitingDrawing) inner() float32 { return d.width }

// waitingLayout tells the drawing its width.
type waitingLayout struct{ d *waitingDrawing }

// MinSize implements [fyne.Layout].
func (l *waitingLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(waitingLeast, waitingHigh)
}

// Layout implements [fyne.Layout].
func (l *waitingLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.d.width = min(size.Width-widget.ScrollBar, waitingMost)
	widget.Place(o[0], fyne.NewPos(0, 0), size)
}

// show draws m. The time alone touches nothing else.
func (d *waitingDrawing) show(m waitingModel) {
	d.since.SetText(m.Since)
	before := d.model
	d.model = m
	if before.Since = m.Since; !m.Equal(before) {
		d.draw()
	}
}

// report shows what came of something.
func (d *waitingDrawing) report(o outcome) {
	if o != d.outcome {
		d.outcome = o
		d.draw()
	}
}

func (d *waitingDrawing) draw() {
	m := d.model
	icon := assets.IconProblem
	d.row = []waitAction{waitRetry, waitClose}
	switch {
	case m.Waits:
		icon, d.row = assets.IconWorking, []waitAction{waitAgain, waitCopy, waitCancel}
	case m.Details:
		d.row = []waitAction{waitRetry, waitDetails, waitClose}
	}
	d.spinner.Spin(m.Waits)

	parts := []fyne.CanvasObject{widget.WithPicture(d.inner, d.icons[icon], d.head()...)}
	if m.Waits {
		parts = append(parts, container.New(spinnerRow{}, d.spinner, d.since))
	}
	var row []fyne.CanvasObject
	for _, a := range d.row {
		row = append(row, d.button(a).Object())
	}
	parts = append(parts, widget.Flow(d.inner, row...))
	if d.outcome.Text != "" {
		parts = append(parts, widget.Prose(d.inner, proseGap, d.outcome.label()))
	}
	if len(m.Help) > 0 {
		parts = append(parts, widget.Separator(), d.help.object(m.Help))
	}
	d.box.Objects = parts
	if d.scroll.Size().IsZero() {
		return // it will be laid out when its width is known
	}
	d.box.Refresh()
	d.scroll.Refresh()
}

// head is what the page says of the sign-in.
func (d *waitingDrawing) head() []fyne.CanvasObject {
	m := d.model
	head := []fyne.CanvasObject{widget.Heading(m.Heading)}
	for _, s := range m.Says {
		head = append(head, widget.Text(s))
	}
	if m.Problem != "" {
		head = append(head, widget.Problem(m.Problem))
	}
	if m.Note != "" {
		head = append(head, widget.Small(m.Note))
	}
	return head
}

// spinnerRow puts a spinner and the words about it on one line, below the
// picture and the text of a head.
type spinnerRow struct{}

// MinSize implements [fyne.Layout].
func (spinnerRow) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, o[0].MinSize().Height)
}

// Layout implements [fyne.Layout].
func (spinnerRow) Layout(o []fyne.CanvasObject, size fyne.Size) {
	spinner, text := o[0].MinSize(), o[1].MinSize()
	pad := theme.InnerPadding()
	widget.Place(o[0], fyne.NewPos((widget.PictureSize-spinner.Width)/2, 0), spinner)
	widget.Place(
		o[1],
		fyne.NewPos(widget.TextIndent-pad, (size.Height-text.Height)/2),
		fyne.NewSize(size.Width-widget.TextIndent+pad, text.Height),
	)
}

// button is a button as drawn, the same one each time.
func (d *waitingDrawing) button(a waitAction) *widget.Button {
	b := d.buttons[a]
	if b == nil {
		importance := widget.Normal
		if a == waitRetry {
			importance = widget.Primary
		}
		b = widget.NewButton(string(a), importance, d.press[a], d.esc)
		b.OnFocus = func(b *widget.Button) { widget.Reveal(d.scroll, b, revealMargin) }
		d.buttons[a] = b
	}
	widget.Enable(b, d.model.Ready || a != waitAgain && a != waitCopy)
	return b
}

// first is the button that gets the focus: one that does no harm when it is
// pressed by mistake, or none.
func (d *waitingDrawing) first() fyne.Focusable {
	for _, a := range []waitAction{waitCopy, waitRetry} {
		if b := d.buttons[a]; b != nil && d.can(b) {
			return b
		}
	}
	return nil
}

// can reports whether f can be pressed now.
func (d *waitingDrawing) can(f fyne.Focusable) bool {
	for _, a := range d.row {
		if b := d.buttons[a]; fyne.Focusable(b) == f {
			return !b.Disabled()
		}
	}
	return d.help.owns(f) && len(d.model.Help) > 0
}

// owns reports whether f is a button of the page, of use now or not.
func (d *waitingDrawing) owns(f fyne.Focusable) bool {
	for _, b := range d.buttons {
		if fyne.Focusable(b) == f {
			return true
		}
	}
	return d.help.owns(f)
}
