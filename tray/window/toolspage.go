package window

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// toolsPage is the page with the list of all tools at the left, and at the right
// what there is to know of the one that is chosen, and to do about it.
type toolsPage struct {
	env     env
	root    *fyne.Container
	body    *fyne.Container
	notice  *notice           // above the tools
	panes   fyne.CanvasObject // list and pane
	none    fyne.CanvasObject // stands in for them where there is no tool
	action  *widget.Button    // of none
	problem *auth.Error       // why the settings cannot be read, as far as was asked

	filter  *widget.Field
	list    *widget.List
	empty   *widget.Label // when the filter finds nothing
	drawing *toolDrawing

	snaps   []session.Snapshot
	chosen  string  // the tool
	outcome outcome // of what was done last, to the tool that is chosen
	tries   map[string]attempt
}

func newToolsPage(e env, _ string) page {
	t := &toolsPage{env: e, tries: map[string]attempt{}}
	icons := widget.NewIcons()
	t.filter = widget.NewField("Find a tool", func() { t.do(t.drawing.shown.Enter) }, e.esc)
	t.filter.OnKey = t.filterKey
	t.filter.OnChanged = func(string) { t.draw(true) }
	t.list = widget.NewList(icons)
	t.list.OnChoose = func(r widget.ListRow) { t.choose(r.Key) }
	t.list.OnEnter = func() { t.do(t.drawing.shown.Enter) }
	t.list.OnCopy = func() { t.do(actCopy) }
	t.list.OnEsc = e.esc
	t.list.OnRune = func(r rune) {
		if t.filter.Visible() {
			e.focus(t.filter)
			t.filter.TypedRune(r)
		}
	}
	t.empty = widget.Centred("")
	t.drawing = newToolDrawing(icons, t.do, e.esc)
	foot := container.NewHBox(
		t.plainButton("Add a tool…", func() { e.open(agent.PageAdd) }).Object(),
		t.plainButton("Settings…", func() { e.open(agent.PageSettings) }).Object(),
	)
	// The order is that of Tab.
	t.panes = container.New(
		&twoPanes{drawing: t.drawing},
		t.filter,
		container.NewStack(t.list.Object(), t.empty),
		widget.Separator(),
		t.drawing.scroll,
		foot,
	)
	t.filter.Hide() // until there is much to look through
	t.body, t.notice = container.NewStack(t.panes), newNotice(t.width, t.openFile, e.esc)
	t.root = container.NewBorder(t.notice.box, nil, nil, nil, t.body)
	return t
}

func (t *toolsPage) plainButton(label string, tapped func()) *widget.Button {
	return widget.NewButton(label, widget.Normal, tapped, t.env.esc)
}

func (t *toolsPage) title() string             { return "" }
func (t *toolsPage) object() fyne.CanvasObject { return t.root }
func (t *toolsPage) closed()                   {}

func (t *toolsPage) first() fyne.Focusable {
	if len(t.snaps) == 0 {
		return t.action
	}
	return t.list
}

// width is that of the window's inside.
func (t *toolsPage) width() float32 {
	if t.env.win == nil {
		return frameWidth
	}
	return t.env.win.Canvas().Size().Width - 4*theme.Padding()
}

// esc empties the filter first.
func (t *toolsPage) esc() bool {
	if t.filter.Text == "" {
		return false
	}
	t.filter.SetText("")
	t.env.focus(t.list)
	return true
}

// filterKey lets the arrows choose while a person types.
func (t *toolsPage) filterKey(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		t.list.TypedKey(ev)
		return true
	}
	return false
}

// update implements [page].
func (t *toolsPage) update(snaps []session.Snapshot) {
	before, first := len(t.snaps), t.snaps == nil
	t.snaps = snaps
	if t.snaps == nil {
		t.snaps = []session.Snapshot{}
	}
	for _, s := range snaps {
		// What failed here is out of date once something came of it elsewhere.
		if tr := t.tries[s.Tool]; tr.err != nil && (s.State == session.SigningIn || s.Set != tr.set) {
			delete(t.tries, s.Tool)
		}
	}
	t.draw(false)
	t.checkSettings()
	if !first && (before == 0) != (len(snaps) == 0) {
		t.env.focus(t.first())
	}
}

// draw shows the sessions as they are. A search shows what it found.
func (t *toolsPage) draw(searched bool) {
	shown := t.panes
	if len(t.snaps) == 0 {
		if t.none == nil {
			t.none = t.nothing()
		}
		shown = t.none
	}
	if t.body.Objects[0] != shown {
		t.body.Objects[0] = shown
		t.body.Refresh()
	}
	if len(t.snaps) == 0 {
		t.notice.show(nil) // shown in their place instead
		return
	}
	t.notice.show(t.problem)
	now := t.env.now()
	if many := len(t.snaps) >= filterFrom; many != t.filter.Visible() {
		if !many && t.filter.Text != "" {
			t.filter.SetText("")
		}
		t.filter.Hidden = !many
		t.panes.Refresh()
	}
	rows := toolRows(t.snaps, t.filter.Text, now)
	at := slices.IndexFunc(rows, func(r widget.ListRow) bool { return r.Key == t.chosen })
	if at < 0 && len(rows) > 0 {
		at = 0
		t.chosen, t.outcome = rows[0].Key, outcome{}
	}
	if t.empty.Hidden = len(rows) > 0; !t.empty.Hidden {
		t.empty.SetText("No tool is called “" + auth.Line(t.filter.Text, 40) + "”.")
	}
	t.list.Set(rows, at)
	if searched {
		t.list.ShowChosen()
	}
	t.drawChosen()
}

// choose shows another tool at the right.
func (t *toolsPage) choose(tool string) {
	if tool != t.chosen {
		t.chosen, t.outcome = tool, outcome{}
		t.drawChosen()
	}
}

// pick implements [picker].
func (t *toolsPage) pick(tool string) bool {
	if !slices.ContainsFunc(t.snaps, func(s session.Snapshot) bool { return s.Tool == tool }) {
		return false
	}
	t.filter.SetText("")
	t.chosen, t.outcome = tool, outcome{}
	t.draw(true)
	t.env.focus(t.first())
	return true
}

// snapshot is the session of the tool that is chosen.
func (t *toolsPage) snapshot() (session.Snapshot, bool) {
	i := slices.IndexFunc(t.snaps, func(s session.Snapshot) bool { return s.Tool == t.chosen })
	if i < 0 {
		return session.Snapshot{}, false
	}
	return t.snaps[i], true
}

func (t *toolsPage) drawChosen() {
	s, ok := t.snapshot()
	if !ok {
		return
	}
	had := t.focused()
	t.drawing.show(toolView(s, t.tries[s.Tool].err, t.env.now()), t.outcome)
	if t.drawing.owns(had) && !t.drawing.can(had) {
		t.env.focus(t.list) // what had it is gone
	}
}

func (t *toolsPage) focused() fyne.Focusable {
	if t.env.win == nil {
		return nil
	}
	return t.env.win.Canvas().Focused()
}
