package window

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/tray/window/widget"
)

// tokenActions is what the widgets of the page do.
type tokenActions struct {
	tab       func(int)
	action    func()
	reveal    func()
	copy      func(copyButton)
	copyRow   func(widget.TableRow)
	copyShown func()
	table     func(focused bool)
	esc       func()
}

// tokenDrawing draws a tokenModel. Its widgets live as long as the page, so that
// the focus stays where it is when something changes.
type tokenDrawing struct {
	on    tokenActions
	model tokenModel
	width float32 // of the page, set ahead of its layout
	drawn bool

	root, head, buttons  *fyne.Container
	body                 *fyne.Container // the table, or the token
	name, account, valid *widget.Label
	empty, mask, outcome *widget.Label
	bar                  *widget.TimeBar
	tabs                 *widget.Tabs
	table                *widget.Table
	action, reveal       *widget.Button
	row                  *fyne.Container // the mask, its button and what came of the last thing
	copies               map[agent.CopyAs]*widget.Button
	token                *widget.SecretField // while it is in sight
}

func newTokenDrawing(on tokenActions) *tokenDrawing {
	d := &tokenDrawing{
		on:      on,
		width:   400,
		name:    widget.Heading(""),
		account: widget.Text(""),
		valid:   widget.Text(""),
		empty:   widget.Text(""),
		mask:    widget.Line(""),
		outcome: widget.Text(""),
		bar:     widget.NewTimeBar(widget.TimeLeft{}),
		tabs:    widget.NewTabs(on.tab, on.esc),
		table:   widget.NewTable(on.copyRow, on.table, on.esc),
		action:  widget.NewButton("", widget.Primary, on.action, on.esc),
		reveal:  widget.NewButton("", widget.Normal, on.reveal, on.esc),
		copies:  map[agent.CopyAs]*widget.Button{},
	}
	d.body = container.NewStack(d.table.Object())
	d.head = widget.Column(d.inner, 8)
	d.buttons = widget.Flow(d.inner)
	d.row = container.New(maskRow{d.inner}, d.outcome)
	d.root = container.New(tokenLayout{d}, d.head, d.tabs, d.body, d.row, d.buttons)
	return d
}

// inner is the width of the page.
func (d *tokenDrawing) inner() float32 { return d.width }

// first is what has the focus at first.
func (d *tokenDrawing) first() fyne.Focusable {
	switch {
	case d.model.Action != tokenNoAction:
		return d.action
	case len(d.model.Tabs) > 0:
		return d.tabs
	}
	return nil
}

// show draws m. Where what had the focus is gone, focus is told of another.
func (d *tokenDrawing) show(m tokenModel, focus func(fyne.Focusable)) {
	if d.drawn && m.Equal(d.model) {
		return
	}
	before := d.model
	began := d.drawn
	acts := (before.Action == tokenNoAction) != (m.Action == tokenNoAction) && len(m.Tabs) == 0
	begins := !began || len(before.Tabs) != len(m.Tabs) || acts
	d.model, d.drawn = m, true
	d.drawHead(m)
	whole := len(m.Tabs) > 0
	d.tabs.Hidden, d.body.Hidden, d.row.Hidden, d.buttons.Hidden = !whole, !whole, !whole, !whole
	if whole {
		d.tabs.Set(m.Tabs, m.Tab)
		d.table.Set(m.Table, m.Tab != before.Tab || len(before.Tabs) == 0)
	}
	d.drawFoot(m)
	d.root.Refresh()
	if w := d.first(); begins && began && w != nil {
		focus(w)
	}
}

// drawHead draws what is above the tabs.
func (d *tokenDrawing) drawHead(m tokenModel) {
	widget.SetText(d.name, m.Name)
	widget.SetText(d.account, m.Account)
	widget.SetText(d.valid, m.Valid)
	widget.SetText(d.empty, m.Empty)
	lines := []fyne.CanvasObject{d.name}
	for _, l := range []*widget.Label{d.account, d.valid, d.empty} {
		if l.Text != "" {
			lines = append(lines, l)
		}
	}
	parts := []fyne.CanvasObject{widget.Prose(d.inner, proseGap, lines...)}
	if m.TimeLeft.Shown {
		d.bar.Set(m.TimeLeft)
		parts = append(parts, d.bar)
	}
	if m.Action != tokenNoAction {
		d.action.Set(m.Action.label(), widget.Primary)
		parts = append(parts, widget.Flow(d.inner, d.action.Object()))
	}
	if len(m.Tabs) == 0 && m.Outcome.Text != "" {
		d.drawOutcome(m.Outcome)
		parts = append(parts, widget.Prose(d.inner, proseGap, d.outcome))
	}
	d.head.Objects = parts
	d.head.Refresh()
}

// drawFoot draws what is below the table.
func (d *tokenDrawing) drawFoot(m tokenModel) {
	if len(m.Tabs) == 0 {
		return
	}
	row := []fyne.CanvasObject{d.outcome}
	if m.Reveal != "" {
		widget.SetText(d.mask, m.Mask)
		d.reveal.Set(m.Reveal, widget.Normal)
		row = []fyne.CanvasObject{d.mask, d.reveal.Object(), d.outcome}
	}
	d.drawOutcome(m.Outcome)
	d.row.Objects = row
	var copies []fyne.CanvasObject
	for _, c := range m.Copies {
		if d.copies[c.As] == nil {
			d.copies[c.As] = widget.NewButton(c.Label, widget.Normal, func() { d.on.copy(c) }, d.on.esc)
		}
		copies = append(copies, d.copies[c.As].Object())
	}
	d.buttons.Objects = copies
	d.row.Refresh()
	d.buttons.Refresh()
}

func (d *tokenDrawing) drawOutcome(o outcome) {
	widget.SetProblem(d.outcome, o.Bad)
	widget.SetText(d.outcome, o.Text)
}

// expose puts the token where the table is.
func (d *tokenDrawing) expose(token auth.Secret) {
	d.token = widget.NewSecretField(token, d.on.copyShown, d.on.esc)
	least := canvas.NewRectangle(color.Transparent)
	least.SetMinSize(fyne.NewSize(0, widget.TableHeight))
	d.body.Objects = []fyne.CanvasObject{least, d.token}
	d.body.Refresh()
}

// conceal forgets the token.
func (d *tokenDrawing) conceal() {
	if d.token != nil {
		d.token.Forget()
		d.token = nil
	}
	d.body.Objects = []fyne.CanvasObject{d.table.Object()}
	d.body.Refresh()
}
