package window

import (
	"reflect"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// The prompt's measures, in Fyne's units, which are pixels at scale 1.
const (
	promptWidth  = 420
	promptMargin = 18
	promptIcon   = 40
	promptGap    = 12
	listHeight   = 380 // of the rows; more of them scroll
	scrollBar    = 14  // kept free at the right of what scrolls
)

// pressed is what the prompt's buttons do.
type pressed struct {
	signIn, cancel func(tool string)
	later          func()
}

// later is the key of the button that is of no tool.
const later = ""

// prompt draws a promptModel. All its methods belong to Fyne's goroutine.
type prompt struct {
	win     fyne.Window
	icon    fyne.Resource
	on      pressed
	model   promptModel
	buttons map[string]*button // by tool, and later
	turning []*turning         // in the rows that wait
	calm    *bystander         // has the keyboard until a person takes it
	rests   string             // the session whose button had the focus when it became Cancel
	scroll  *container.Scroll  // of the rows, or nil while they fit
}

func newPrompt(app fyne.App, icon fyne.Resource, now func() time.Time, on pressed) *prompt {
	p := &prompt{win: app.NewWindow("Keyfob"), icon: icon, on: on}
	p.calm = newBystander(now, p.escape)
	p.win.SetPadded(false)
	p.win.SetFixedSize(true)
	p.win.SetCloseIntercept(on.later)
	p.win.CenterOnScreen()
	if c, ok := p.win.Canvas().(desktop.Canvas); ok {
		c.SetOnKeyDown(p.keyDown)
	}
	return p
}

// show draws m. The focus stays with the session that had it, or goes to the
// one that Enter is for, but not before a person has turned to the window.
func (p *prompt) show(m promptModel) {
	if reflect.DeepEqual(m, p.model) {
		return
	}
	aside := p.buttons == nil || p.calm.has(p.win.Canvas())
	var had fyne.Focusable
	tool := later
	for key, b := range p.buttons {
		if p.win.Canvas().Focused() == fyne.Focusable(b) {
			had, tool = b, key
			break
		}
	}
	waited := p.waits(tool)
	var seen fyne.Position
	if p.scroll != nil {
		seen = p.scroll.Offset
	}
	for _, t := range p.turning {
		t.Stop()
	}
	p.model, p.buttons, p.scroll, p.turning = m, map[string]*button{}, nil, nil
	content := container.New(inFront{}, p.calm, p.content())
	p.win.SetContent(content)
	p.win.Resize(content.MinSize())
	if p.scroll != nil {
		p.scroll.ScrollToOffset(seen)
	}
	if aside {
		p.calm.take(p.win.Canvas())
		return
	}
	if p.rests != "" && had == nil {
		tool = p.rests
	} else if had == nil || p.buttons[tool] == nil {
		tool = p.first()
	}
	// Who presses the same key once more has not changed their mind.
	if p.waits(tool) && (had == nil || !waited) {
		p.rests = tool
		p.win.Canvas().Unfocus()
		return
	}
	p.rests = ""
	if p.buttons[tool] == nil {
		tool = p.first()
	}
	p.win.Canvas().Focus(p.buttons[tool])
}

// waits reports whether it is the browser's turn for a session.
func (p *prompt) waits(tool string) bool {
	return slices.ContainsFunc(p.model.Rows, func(r row) bool { return r.Tool == tool && r.Waiting })
}

// first is the session that Enter is for: the first that is not waiting for
// the browser, or else the first.
func (p *prompt) first() string {
	for _, r := range p.model.Rows {
		if !r.Waiting {
			return r.Tool
		}
	}
	return p.model.Rows[0].Tool
}

// escape takes back the one thing that is under way, and else is Later.
func (p *prompt) escape() {
	if rows := p.model.Rows; len(rows) == 1 && rows[0].Waiting {
		p.on.cancel(rows[0].Tool)
		return
	}
	p.on.later()
}

// keyDown handles keys while no button has the focus, as after a click beside
// them.
func (p *prompt) keyDown(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.rests == "" && !p.waits(p.first()) {
			p.buttons[p.first()].Tapped(nil)
		}
	case fyne.KeyEscape:
		p.escape()
	}
}

func (p *prompt) content() fyne.CanvasObject {
	const inner = promptWidth - 2*promptMargin
	const beside = inner - promptIcon - promptGap
	icon := canvas.NewImageFromResource(p.icon)
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(promptIcon))
	side := container.New(layout.NewCustomPaddedLayout(0, 0, 0, promptGap-theme.Padding()), container.NewVBox(icon))
	var parts []fyne.CanvasObject
	if rows := p.model.Rows; len(rows) == 1 {
		text := append([]fyne.CanvasObject{heading(p.model.Heading)}, details(rows[0])...)
		parts = append(parts, container.NewBorder(nil, nil, side, nil, words(beside, text...)), p.foot(rows[0]))
	} else {
		title := container.NewBorder(nil, nil, side, nil, container.NewCenter(words(beside, heading(p.model.Heading))))
		parts = append(parts, title, p.list(inner), line(p.laterButton()))
	}
	return container.New(layout.NewCustomPaddedLayout(promptMargin, promptMargin, promptMargin, promptMargin),
		container.New(column{width: inner, gap: 16}, parts...))
}

// foot is what there is to do about the only session.
func (p *prompt) foot(r row) fyne.CanvasObject {
	if r.Waiting {
		under := container.New(layout.NewCustomPaddedLayout(0, 0, promptIcon+promptGap, 0), p.waiting())
		return container.NewBorder(nil, nil, under, nil, line(p.rowButton(r)))
	}
	return line(p.laterButton(), p.rowButton(r))
}

// line puts buttons side by side at the right.
func line(buttons ...fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedHBoxLayout(8), append([]fyne.CanvasObject{layout.NewSpacer()}, buttons...)...)
}

// list is a row for each of several sessions.
func (p *prompt) list(width float32) fyne.CanvasObject {
	build := func(width float32) fyne.CanvasObject {
		var rows []fyne.CanvasObject
		for _, r := range p.model.Rows {
			title := fyne.CanvasObject(words(width-buttonWidth-promptGap, strong(r.Name)))
			if r.Waiting {
				title = container.NewVBox(title, p.waiting())
			}
			head := container.NewBorder(
				nil,
				nil,
				nil,
				container.NewVBox(p.rowButton(r)),
				container.NewVBox(layout.NewSpacer(), title, layout.NewSpacer()),
			)
			rows = append(rows, widget.NewSeparator(), container.New(column{width: width, gap: 4}, head, words(width, details(r)...)))
		}
		return container.New(column{width: width, gap: 10}, rows...)
	}
	if all := build(width); all.MinSize().Height <= listHeight {
		return all
	}
	p.scroll = container.NewVScroll(build(width - scrollBar))
	p.scroll.SetMinSize(fyne.NewSize(width, listHeight))
	return p.scroll
}

// reveal scrolls to a button that got the focus, which Fyne leaves out of
// sight.
func (p *prompt) reveal(b *button) {
	if p.scroll == nil || b == p.buttons[later] {
		return
	}
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	top := where(b).Y - where(p.scroll.Content).Y - promptGap
	bottom := top + b.Size().Height + 2*promptGap
	switch at := p.scroll.Offset.Y; {
	case top < at:
		p.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > at+p.scroll.Size().Height:
		p.scroll.ScrollToOffset(fyne.NewPos(0, bottom-p.scroll.Size().Height))
	}
}

// rowButton is the one thing to do about a session.
func (p *prompt) rowButton(r row) fyne.CanvasObject {
	if r.Waiting {
		return p.button(r.Tool, r.Action, widget.MediumImportance, func() { p.on.cancel(r.Tool) })
	}
	importance := widget.HighImportance
	if r.Tool != p.first() {
		importance = widget.MediumImportance
	}
	return p.button(r.Tool, r.Action, importance, func() { p.on.signIn(r.Tool) })
}

func (p *prompt) laterButton() fyne.CanvasObject {
	return p.button(later, "Later", widget.MediumImportance, p.on.later)
}

func (p *prompt) button(key, label string, importance widget.Importance, tapped func()) fyne.CanvasObject {
	b := newButton(label, importance, tapped, p.escape, p.reveal)
	p.buttons[key] = b
	return b.object()
}

// details are the sentences of a row.
func details(r row) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, s := range r.Facts {
		out = append(out, label(s, widget.MediumImportance))
	}
	if r.Problem != "" {
		out = append(out, label(r.Problem, widget.DangerImportance))
	}
	return out
}

func heading(s string) fyne.CanvasObject {
	l := label(s, widget.MediumImportance)
	l.TextStyle.Bold, l.SizeName = true, theme.SizeNameSubHeadingText
	return l
}

func strong(s string) fyne.CanvasObject {
	l := label(s, widget.MediumImportance)
	l.TextStyle.Bold = true
	return l
}

func label(s string, importance widget.Importance) *widget.Label {
	l := widget.NewLabel(s)
	l.Wrapping, l.Importance = fyne.TextWrapWord, importance
	return l
}

// waiting says that it is the browser's turn.
func (p *prompt) waiting() fyne.CanvasObject {
	turning := newTurning()
	turning.Start()
	p.turning = append(p.turning, turning)
	says := widget.NewLabel("Waiting for the browser…")
	width := says.MinSize().Width - 2*theme.InnerPadding()
	return container.NewHBox(turning, container.NewCenter(words(width, says)))
}
