package window

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"keyfob/tray/window/widget"
)

// The prompt's measures, in Fyne's units.
const (
	promptWidth  = 420
	promptMargin = 18
	promptIcon   = 40
	promptGap    = 12
	promptRows   = 380 // the height of the rows; more of them scroll
)

// promptActions are what the prompt's buttons do.
type promptActions struct {
	signIn, cancel func(tool string)
	later          func()
	drawn          func() // not a button: as in [PromptConfig]
}

// later is the key of the button that is of no tool.
const later = ""

// promptDrawing draws a promptModel. All its methods belong to Fyne's
// goroutine.
type promptDrawing struct {
	win      fyne.Window
	icon     fyne.Resource
	on       promptActions
	model    promptModel
	buttons  map[string]*widget.Button // by tool, and later
	spinners []*widget.Spinner         // in the rows that wait
	guard    *widget.KeyGuard          // has the keyboard until a person takes it
	noFocus  string                    // the session whose button had the focus when it became Cancel
	scroll   *container.Scroll         // of the rows, or nil while they fit
	mark     fyne.CanvasObject         // of newFirstFrame, beside the content
}

func newPromptDrawing(app fyne.App, icon fyne.Resource, now func() time.Time, on promptActions) *promptDrawing {
	p := &promptDrawing{win: app.NewWindow("Keyfob"), icon: icon, on: on, mark: newFirstFrame(on.drawn)}
	p.guard = widget.NewKeyGuard(now, p.escape)
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
func (p *promptDrawing) show(m promptModel) {
	if m.Equal(p.model) {
		return
	}
	guarded := p.buttons == nil || p.guard.Has(p.win.Canvas())
	tool, had := p.focused()
	waited := p.waits(tool)
	var offset fyne.Position
	if p.scroll != nil {
		offset = p.scroll.Offset
	}
	for _, s := range p.spinners {
		s.Spin(false)
	}
	p.model, p.buttons, p.scroll, p.spinners = m, map[string]*widget.Button{}, nil, nil
	content := container.New(widget.InFront{}, p.mark, p.guard, p.content())
	p.win.SetContent(content)
	p.win.Resize(content.MinSize())
	if p.scroll != nil {
		p.scroll.ScrollToOffset(offset)
	}
	if guarded {
		p.guard.Take(p.win.Canvas())
		return
	}
	p.restoreFocus(tool, had, waited)
}

// focused is the session whose button has the focus, if one has.
func (p *promptDrawing) focused() (tool string, has bool) {
	for tool, b := range p.buttons {
		if p.win.Canvas().Focused() == fyne.Focusable(b) {
			return tool, true
		}
	}
	return later, false
}

// restoreFocus gives the focus to the session that had it, which waited then or
// not, or to the one that Enter is for.
func (p *promptDrawing) restoreFocus(tool string, had, waited bool) {
	if p.noFocus != "" && !had {
		tool = p.noFocus
	} else if !had || p.buttons[tool] == nil {
		tool = p.first()
	}
	// Who presses the same key once more has not changed their mind.
	if p.waits(tool) && (!had || !waited) {
		p.noFocus = tool
		p.win.Canvas().Unfocus()
		return
	}
	p.noFocus = ""
	if p.buttons[tool] == nil {
		tool = p.first()
	}
	p.win.Canvas().Focus(p.buttons[tool])
}

// waits reports whether a person is in the browser about a session.
func (p *promptDrawing) waits(tool string) bool {
	return slices.ContainsFunc(p.model.Rows, func(r promptRow) bool { return r.Tool == tool && r.Waiting })
}

// first is the session that Enter is for: the first that is not waiting for
// the browser, or else the first.
func (p *promptDrawing) first() string {
	for _, r := range p.model.Rows {
		if !r.Waiting {
			return r.Tool
		}
	}
	return p.model.Rows[0].Tool
}

// escape takes back the one thing that is under way, and else is Later.
func (p *promptDrawing) escape() {
	if rows := p.model.Rows; len(rows) == 1 && rows[0].Waiting {
		p.on.cancel(rows[0].Tool)
		return
	}
	p.on.later()
}

// keyDown handles keys while no button has the focus, as after a click beside
// them.
func (p *promptDrawing) keyDown(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.noFocus == "" && !p.waits(p.first()) {
			p.buttons[p.first()].Tapped(nil)
		}
	case fyne.KeyEscape:
		p.escape()
	}
}

// reveal scrolls to a button that got the focus.
func (p *promptDrawing) reveal(b *widget.Button) {
	if p.scroll != nil && b != p.buttons[later] {
		widget.Reveal(p.scroll, b, promptGap)
	}
}

func (p *promptDrawing) content() fyne.CanvasObject {
	const inner = promptWidth - 2*promptMargin
	const text = inner - promptIcon - promptGap
	icon := container.New(
		layout.NewCustomPaddedLayout(0, 0, 0, promptGap-theme.Padding()),
		container.NewVBox(widget.Picture(p.icon, promptIcon)),
	)
	heading := widget.Heading(p.model.Heading)
	var parts []fyne.CanvasObject
	if rows := p.model.Rows; len(rows) == 1 {
		labels := append([]fyne.CanvasObject{heading}, promptTexts(rows[0])...)
		parts = append(parts, container.NewBorder(nil, nil, icon, nil, widget.FixedProse(text, labels...)), p.foot(rows[0]))
	} else {
		title := container.NewBorder(nil, nil, icon, nil, container.NewCenter(widget.FixedProse(text, heading)))
		parts = append(parts, title, p.list(inner), widget.ButtonRow(p.laterButton()))
	}
	return container.New(layout.NewCustomPaddedLayout(promptMargin, promptMargin, promptMargin, promptMargin),
		widget.FixedColumn(inner, 16, parts...))
}

// foot is what there is to do about the only session.
func (p *promptDrawing) foot(r promptRow) fyne.CanvasObject {
	if r.Waiting {
		under := container.New(layout.NewCustomPaddedLayout(0, 0, promptIcon+promptGap, 0), p.waiting())
		return container.NewBorder(nil, nil, under, nil, widget.ButtonRow(p.rowButton(r)))
	}
	return widget.ButtonRow(p.laterButton(), p.rowButton(r))
}

// list is a row for each of several sessions.
func (p *promptDrawing) list(width float32) fyne.CanvasObject {
	all := p.rows(width)
	if all.MinSize().Height <= promptRows {
		return all
	}
	for _, s := range p.spinners {
		s.Spin(false)
	}
	p.spinners = nil
	p.scroll = container.NewVScroll(p.rows(width - widget.ScrollBar))
	p.scroll.SetMinSize(fyne.NewSize(width, promptRows))
	return p.scroll
}

func (p *promptDrawing) rows(width float32) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, r := range p.model.Rows {
		title := fyne.CanvasObject(widget.FixedProse(width-widget.ButtonWidth-promptGap, widget.Bold(r.Name)))
		if r.Waiting {
			title = container.NewVBox(title, p.waiting())
		}
		head := container.NewBorder(
			nil,
			nil,
			nil,
			container.NewVBox(p.rowButton(r).Object()),
			container.NewVBox(layout.NewSpacer(), title, layout.NewSpacer()),
		)
		texts := widget.FixedProse(width, promptTexts(r)...)
		rows = append(rows, widget.Separator(), widget.FixedColumn(width, 4, head, texts))
	}
	return widget.FixedColumn(width, 10, rows...)
}

// promptTexts are the sentences of a row.
func promptTexts(r promptRow) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, s := range r.Facts {
		out = append(out, widget.Text(s))
	}
	if r.Problem != "" {
		out = append(out, widget.Problem(r.Problem))
	}
	return out
}

// rowButton is the one thing to do about a session.
func (p *promptDrawing) rowButton(r promptRow) *widget.Button {
	if r.Waiting {
		return p.button(r.Tool, r.Action, widget.Normal, func() { p.on.cancel(r.Tool) })
	}
	importance := widget.Primary
	if r.Tool != p.first() {
		importance = widget.Normal
	}
	return p.button(r.Tool, r.Action, importance, func() { p.on.signIn(r.Tool) })
}

func (p *promptDrawing) laterButton() *widget.Button {
	return p.button(later, "Later", widget.Normal, p.on.later)
}

func (p *promptDrawing) button(key, label string, importance widget.Importance, tapped func()) *widget.Button {
	b := widget.NewButton(label, importance, tapped, p.escape)
	b.OnFocus = p.reveal
	p.buttons[key] = b
	return b
}

// waiting says that a person is in the browser.
func (p *promptDrawing) waiting() fyne.CanvasObject {
	spinner := widget.NewSpinner()
	spinner.Spin(true)
	p.spinners = append(p.spinners, spinner)
	text := widget.Line("Waiting for the browser…")
	width := text.MinSize().Width - 2*theme.InnerPadding()
	return container.NewHBox(spinner, container.NewCenter(widget.FixedProse(width, text)))
}
