package window

import (
	"image/color"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/auth"
)

// tokenActs is what the widgets of the page do.
type tokenActs struct {
	tab       func(int)
	action    func()
	reveal    func()
	copy      func(copyButton)
	copyRow   func(tableRow)
	copyShown func()
	grid      func(focused bool)
	esc       func()
}

// tokenDraw draws a tokenModel. Its widgets live as long as the page, so that
// the focus stays where it is when something changes.
type tokenDraw struct {
	on    tokenActs
	model tokenModel
	width float32 // of the page, set ahead of its layout
	drawn bool

	root, head, foot, buttons *fyne.Container
	body                      *fyne.Container // the table, or the token
	name, account, valid      *widget.Label
	empty, mask, said         *widget.Label
	bar                       *timeBar
	tabs                      *tabs
	grid                      *grid
	table                     fyne.CanvasObject // the grid as it goes into the body
	action, reveal            *button
	actionObject              fyne.CanvasObject
	revealObject              fyne.CanvasObject
	row                       *fyne.Container // the mask, its button and what came of the last thing
	copies                    map[agent.CopyAs]*button
	copyObjects               map[agent.CopyAs]fyne.CanvasObject
	token                     *bare // while it is in sight
}

func newTokenDraw(on tokenActs) *tokenDraw {
	d := &tokenDraw{
		on:          on,
		width:       400,
		bar:         newTimeBar(),
		copies:      map[agent.CopyAs]*button{},
		copyObjects: map[agent.CopyAs]fyne.CanvasObject{},
	}
	d.name = label("", widget.MediumImportance)
	d.name.TextStyle.Bold, d.name.SizeName = true, theme.SizeNameSubHeadingText
	for _, l := range []**widget.Label{&d.account, &d.valid, &d.empty, &d.said} {
		*l = label("", widget.MediumImportance)
	}
	d.mask = widget.NewLabel("")
	d.tabs = newTabs(on.tab, on.esc)
	d.grid = newGrid(on.copyRow, on.grid, on.esc)
	d.action = newButton("", widget.HighImportance, on.action, on.esc, func(*button) {})
	d.reveal = newButton("", widget.MediumImportance, on.reveal, on.esc, func(*button) {})
	d.actionObject, d.revealObject = d.action.object(), d.reveal.object()
	d.table = d.grid.object()
	d.body = container.NewStack(d.table)
	inner := func() float32 { return d.width }
	d.head = container.New(fluid{width: inner, gap: 8})
	d.buttons = container.New(flow{width: inner, gap: 8})
	d.row = container.New(maskRow{inner}, d.said)
	d.foot = container.New(fluid{width: inner, gap: 8}, d.row, d.buttons)
	d.root = container.New(tokenRoom{d}, d.head, d.tabs, d.body, d.foot)
	return d
}

// first is what has the focus at first.
func (d *tokenDraw) first() fyne.Focusable {
	switch {
	case d.model.Action != "":
		return d.action
	case len(d.model.Tabs) > 0:
		return d.tabs
	}
	return nil
}

// show draws m. Where what had the focus is gone, focus is told of another.
func (d *tokenDraw) show(m tokenModel, focus func(fyne.Focusable)) {
	if d.drawn && reflect.DeepEqual(m, d.model) {
		return
	}
	before := d.model
	begins := !d.drawn || len(before.Tabs) != len(m.Tabs) || (before.Action == "") != (m.Action == "") && len(m.Tabs) == 0
	began := d.drawn
	d.model, d.drawn = m, true
	d.drawHead(m)
	whole := len(m.Tabs) > 0
	d.tabs.Hidden, d.body.Hidden = !whole, !whole
	if whole {
		d.tabs.set(m.Tabs, m.Tab)
		d.grid.set(m.Table, m.Tab != before.Tab || len(before.Tabs) == 0)
	}
	d.drawFoot(m)
	d.root.Refresh()
	if w := d.first(); begins && began && w != nil {
		focus(w)
	}
}

// drawHead draws what is above the tabs.
func (d *tokenDraw) drawHead(m tokenModel) {
	setText(d.name, m.Name)
	setText(d.account, m.Account)
	setText(d.valid, m.Valid)
	setText(d.empty, m.Empty)
	prose := prose(func() float32 { return d.width })
	lines := []fyne.CanvasObject{d.name}
	for _, l := range []*widget.Label{d.account, d.valid, d.empty} {
		if l.Text != "" {
			lines = append(lines, l)
		}
	}
	parts := []fyne.CanvasObject{container.New(prose, lines...)}
	if m.Left >= 0 {
		d.bar.set(share{Shown: true, Part: m.Left, Soon: m.Soon})
		parts = append(parts, d.bar)
	}
	if m.Action != "" {
		setButton(d.action, m.Action)
		parts = append(parts, container.New(flow{width: func() float32 { return d.width }}, d.actionObject))
	}
	if len(m.Tabs) == 0 && m.Said.Text != "" {
		d.drawSaid(m.Said)
		parts = append(parts, container.New(prose, d.said))
	}
	d.head.Objects = parts
	d.head.Refresh()
}

// drawFoot draws what is below the table.
func (d *tokenDraw) drawFoot(m tokenModel) {
	if d.foot.Hidden = len(m.Tabs) == 0; d.foot.Hidden {
		return
	}
	row := []fyne.CanvasObject{d.said}
	if m.Reveal != "" {
		setText(d.mask, m.Mask)
		setButton(d.reveal, m.Reveal)
		row = []fyne.CanvasObject{d.mask, d.revealObject, d.said}
	}
	d.drawSaid(m.Said)
	d.row.Objects = row
	var copies []fyne.CanvasObject
	for _, c := range m.Copies {
		if d.copies[c.As] == nil {
			d.copies[c.As] = newButton(c.Label, widget.MediumImportance, func() { d.on.copy(c) }, d.on.esc, func(*button) {})
			d.copyObjects[c.As] = d.copies[c.As].object()
		}
		copies = append(copies, d.copyObjects[c.As])
	}
	d.buttons.Objects = copies
	d.row.Refresh()
	d.buttons.Refresh()
}

func (d *tokenDraw) drawSaid(s said) {
	text, importance := s.Text, widget.MediumImportance
	if s.Bad {
		importance = widget.DangerImportance
	}
	if d.said.Importance != importance {
		d.said.Importance = importance
		d.said.Refresh()
	}
	setText(d.said, text)
}

// setButton changes what a button says, in place.
func setButton(b *button, text string) {
	if b.Text != text {
		b.SetText(text)
	}
}

// expose puts the token where the table is.
func (d *tokenDraw) expose(token auth.Secret) {
	d.token = newBare(token, d.on.copyShown, d.on.esc)
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(0, gridLeast))
	d.body.Objects = []fyne.CanvasObject{room, d.token}
	d.body.Refresh()
}

// conceal forgets the token.
func (d *tokenDraw) conceal() {
	if d.token != nil {
		d.token.forget()
		d.token = nil
	}
	d.body.Objects = []fyne.CanvasObject{d.table}
	d.body.Refresh()
}
