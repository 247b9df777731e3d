package window

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The measures of the right side, in Fyne's units.
const (
	paneMark = 36
	factName = 96
	paneGap  = 14
)

// said is what came of the last thing that was done.
type said struct {
	Text string
	Bad  bool
	Hint bool // it says what can be done
}

// label is s in the colour of what it says.
func (s said) label() fyne.CanvasObject {
	if s.Bad {
		return label(s.Text, widget.DangerImportance)
	}
	return label("✓ "+s.Text, widget.MediumImportance)
}

// toolPane draws a toolDetail. Its buttons live as long as the page, so that
// the focus stays where it is when something changes.
type toolPane struct {
	marks   marks
	width   float32 // of what scrolls, set ahead of its layout
	box     *fyne.Container
	scroll  *container.Scroll
	buttons map[toolAct]*button
	objects map[toolAct]fyne.CanvasObject
	detail  toolDetail
	said    said
	act     func(toolAct)
	esc     func()
}

func newToolPane(m marks, act func(toolAct), esc func()) *toolPane {
	p := &toolPane{marks: m, width: 320, buttons: map[toolAct]*button{}, objects: map[toolAct]fyne.CanvasObject{}, act: act, esc: esc}
	p.box = container.New(fluid{width: p.inner, gap: paneGap})
	p.scroll = container.NewVScroll(p.box)
	return p
}

// inner is the width of what is drawn.
func (p *toolPane) inner() float32 { return p.width }

// show draws d, and what came of the last thing that was done.
func (p *toolPane) show(d toolDetail, s said) {
	if reflect.DeepEqual(d, p.detail) && s == p.said {
		return
	}
	other := d.Tool != p.detail.Tool
	p.detail, p.said = d, s
	parts := []fyne.CanvasObject{p.head(d)}
	if d.Left.Shown {
		bar := newTimeBar()
		bar.set(d.Left)
		parts = append(parts, bar)
	}
	if d.Problem != "" {
		problem := []fyne.CanvasObject{label(d.Problem, widget.DangerImportance)}
		if d.Note != "" {
			problem = append(problem, caption(d.Note))
		}
		parts = append(parts, container.New(prose(p.inner), problem...))
	}
	parts = append(parts, p.group(d, groupProblem)...)
	parts = append(parts, p.group(d, groupMain)...)
	if s.Text != "" {
		parts = append(parts, container.New(prose(p.inner), s.label()))
	}
	parts = append(parts, p.facts(d)...)
	parts = append(parts, p.group(d, groupRenewal)...)
	for _, w := range d.Warnings {
		parts = append(parts, container.New(prose(p.inner), label("⚠ "+w, widget.WarningImportance)))
	}
	parts = append(parts, widget.NewSeparator())
	parts = append(parts, p.group(d, groupMore)...)
	p.box.Objects = parts
	if p.scroll.Size().IsZero() {
		return // it will be laid out when its width is known
	}
	p.box.Refresh()
	p.scroll.Refresh()
	if other {
		p.scroll.ScrollToTop()
	}
}

// head is the tool's name and how its session is.
func (p *toolPane) head(d toolDetail) fyne.CanvasObject {
	width := func() float32 { return p.width - paneMark - promptGap }
	name := label(d.Name, widget.MediumImportance)
	name.TextStyle.Bold, name.SizeName = true, theme.SizeNameSubHeadingText
	mark := p.marks.picture(d.Mark, paneMark)
	return container.New(beside{first: paneMark + promptGap},
		container.NewWithoutLayout(sized(mark, paneMark)),
		container.New(prose(width), name, label(d.State, widget.MediumImportance)))
}

// sized gives o its least size once and for all.
func sized(o fyne.CanvasObject, size float32) fyne.CanvasObject {
	o.Resize(fyne.NewSquareSize(size))
	return o
}

// group are the buttons of g in a row, or in as many as they need.
func (p *toolPane) group(d toolDetail, g group) []fyne.CanvasObject {
	var row []fyne.CanvasObject
	for _, b := range d.Buttons {
		if b.Group == g {
			row = append(row, p.button(b, d.Enter))
		}
	}
	if row == nil {
		return nil
	}
	return []fyne.CanvasObject{container.New(flow{width: p.inner, gap: 8}, row...)}
}

// button is b as drawn, the same object each time.
func (p *toolPane) button(b toolButton, enter toolAct) fyne.CanvasObject {
	made := p.buttons[b.Act]
	if made == nil {
		made = newButton("", widget.MediumImportance, func() { p.act(b.Act) }, p.esc, p.reveal)
		p.buttons[b.Act], p.objects[b.Act] = made, made.object()
	}
	importance := widget.MediumImportance
	if b.Act == enter {
		importance = widget.HighImportance
	}
	if made.Text != b.Label || made.Importance != importance {
		made.Text, made.Importance = b.Label, importance
		made.Refresh()
	}
	if b.Off != made.Disabled() {
		if b.Off {
			made.Disable()
		} else {
			made.Enable()
		}
	}
	return p.objects[b.Act]
}

// has reports whether f is a button that can be pressed now.
func (p *toolPane) has(f fyne.Focusable) bool {
	for _, b := range p.detail.Buttons {
		if fyne.Focusable(p.buttons[b.Act]) == f {
			return !b.Off
		}
	}
	return false
}

// owns reports whether f is a button of the pane, of use now or not.
func (p *toolPane) owns(f fyne.Focusable) bool {
	for _, b := range p.buttons {
		if fyne.Focusable(b) == f {
			return true
		}
	}
	return false
}

// facts are a table of what is known.
func (p *toolPane) facts(d toolDetail) []fyne.CanvasObject {
	width := func() float32 { return p.width - factName }
	var rows []fyne.CanvasObject
	for _, f := range d.Facts {
		rows = append(rows, container.New(beside{first: factName},
			container.New(prose(func() float32 { return factName - promptGap }), strong(f.Name)),
			container.New(prose(width), label(f.Says, widget.MediumImportance))))
	}
	if rows == nil {
		return nil
	}
	return []fyne.CanvasObject{container.New(fluid{width: p.inner, gap: 6}, rows...)}
}

func (p *toolPane) reveal(b *button) { reveal(p.scroll, b) }

// caption is small text for those who want to know more.
func caption(s string) fyne.CanvasObject {
	l := label(s, widget.MediumImportance)
	l.SizeName = theme.SizeNameCaptionText
	return l
}
