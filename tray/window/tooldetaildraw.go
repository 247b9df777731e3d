package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"keyfob/tray/window/widget"
)

// The measures of the right side, in Fyne's units.
const (
	factName = 96 // the width for the name of a fact
	factGap  = 12 // beside it
)

// toolDrawing draws a toolDetail. Its buttons live as long as the page, so that
// the focus stays where it is when something changes.
type toolDrawing struct {
	icons   widget.Icons
	width   float32 // of what scrolls, set ahead of its layout
	box     *fyne.Container
	scroll  *container.Scroll
	buttons map[toolAction]*widget.Button
	shown   toolDetail
	outcome outcome
	act     func(toolAction)
	esc     func()
}

func newToolDrawing(icons widget.Icons, act func(toolAction), esc func()) *toolDrawing {
	d := &toolDrawing{icons: icons, width: 320, buttons: map[toolAction]*widget.Button{}, act: act, esc: esc}
	d.box = widget.Column(d.inner, partGap)
	d.scroll = container.NewVScroll(d.box)
	return d
}

// inner is the width of what is drawn.
func (d *toolDrawing) inner() float32 { return d.width }

// show draws t, and what came of the last thing that was done.
func (d *toolDrawing) show(t toolDetail, o outcome) {
	if t.Equal(d.shown) && o == d.outcome {
		return
	}
	other := t.Tool != d.shown.Tool
	d.shown, d.outcome = t, o
	d.box.Objects = d.parts()
	if d.scroll.Size().IsZero() {
		return // it will be laid out when its width is known
	}
	d.box.Refresh()
	d.scroll.Refresh()
	if other {
		d.scroll.ScrollToTop()
	}
}

// parts are the tool's name and state, and below them what there is to know and
// to do.
func (d *toolDrawing) parts() []fyne.CanvasObject {
	t := d.shown
	name, state := widget.Heading(t.Name), widget.Text(t.State)
	parts := []fyne.CanvasObject{widget.WithPicture(d.inner, d.icons[t.Icon], name, state)}
	if t.TimeLeft.Shown {
		parts = append(parts, widget.NewTimeBar(t.TimeLeft))
	}
	if t.Problem != "" {
		problem := []fyne.CanvasObject{widget.Problem(t.Problem)}
		if t.Note != "" {
			problem = append(problem, widget.Small(t.Note))
		}
		parts = append(parts, widget.Prose(d.inner, proseGap, problem...))
	}
	parts = append(parts, d.group(groupProblem)...)
	parts = append(parts, d.group(groupMain)...)
	if d.outcome.Text != "" {
		parts = append(parts, widget.Prose(d.inner, proseGap, d.outcome.label()))
	}
	parts = append(parts, d.facts()...)
	parts = append(parts, d.group(groupRenewal)...)
	for _, w := range t.Warnings {
		parts = append(parts, widget.Prose(d.inner, proseGap, widget.Warning("⚠ "+w)))
	}
	parts = append(parts, widget.Separator())
	return append(parts, d.group(groupMore)...)
}

// group are the buttons of g in a row, or in as many as they need.
func (d *toolDrawing) group(g buttonGroup) []fyne.CanvasObject {
	var row []fyne.CanvasObject
	for _, b := range d.shown.Buttons {
		if b.Group == g {
			row = append(row, d.button(b).Object())
		}
	}
	if row == nil {
		return nil
	}
	return []fyne.CanvasObject{widget.Flow(d.inner, row...)}
}

// button is b as drawn, the same one each time.
func (d *toolDrawing) button(b toolButton) *widget.Button {
	made := d.buttons[b.Action]
	if made == nil {
		made = widget.NewButton("", widget.Normal, func() { d.act(b.Action) }, d.esc)
		made.OnFocus = func(b *widget.Button) { widget.Reveal(d.scroll, b, revealMargin) }
		d.buttons[b.Action] = made
	}
	importance := widget.Normal
	if b.Action == d.shown.Enter {
		importance = widget.Primary
	}
	made.Set(b.Label, importance)
	widget.Enable(made, !b.Off)
	return made
}

// can reports whether f is a button that can be pressed now.
func (d *toolDrawing) can(f fyne.Focusable) bool {
	for _, b := range d.shown.Buttons {
		if fyne.Focusable(d.buttons[b.Action]) == f {
			return !b.Off
		}
	}
	return false
}

// owns reports whether f is a button of the drawing, of use now or not.
func (d *toolDrawing) owns(f fyne.Focusable) bool {
	for _, b := range d.buttons {
		if fyne.Focusable(b) == f {
			return true
		}
	}
	return false
}

// facts are a table of what is known.
func (d *toolDrawing) facts() []fyne.CanvasObject {
	names := func() float32 { return factName - factGap }
	texts := func() float32 { return d.width - factName }
	var rows []fyne.CanvasObject
	for _, f := range d.shown.Facts {
		name := widget.Prose(names, proseGap, widget.Bold(f.Name))
		rows = append(rows, widget.Beside(factName, name, widget.Prose(texts, proseGap, widget.Text(f.Says))))
	}
	if rows == nil {
		return nil
	}
	return []fyne.CanvasObject{widget.Column(d.inner, 6, rows...)}
}
