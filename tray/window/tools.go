package window

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
)

// tools is the page with the list of all tools at the left, and at the right
// what there is to know of the one that is chosen, and to do about it.
type tools struct {
	env     env
	root    *fyne.Container
	body    *fyne.Container
	notice  *notice           // above the tools
	panes   fyne.CanvasObject // list and pane
	none    fyne.CanvasObject // stands in for them where there is no tool
	add     *button           // of none
	trouble *auth.Error       // why the settings cannot be read, as far as was asked

	filter *entry
	list   *toolList
	empty  *widget.Label // when the filter finds nothing
	pane   *toolPane

	snaps  []session.Snapshot
	chosen string // the tool
	said   said   // of what was done last, to the tool that is chosen
	tries  map[string]try
}

// try is what this page knows of the last sign-in that it asked for.
type try struct {
	running bool // the engine has not answered yet
	since   time.Time
	set     string // the session that there was
	err     error  // what it failed with; nil when none failed
}

func newTools(e env, _ string) page {
	t := &tools{env: e, tries: map[string]try{}}
	m := newMarks()
	t.filter = newEntry("Find a tool", func() { t.do(t.pane.detail.Enter) }, e.esc)
	t.filter.onKey = t.filterKey
	t.filter.OnChanged = func(string) { t.draw(true) }
	t.list = newToolList(m)
	t.list.onChoose = func(row int) { t.choose(t.list.rows[row].Tool) }
	t.list.onEnter = func() { t.do(t.pane.detail.Enter) }
	t.list.onCopy = func() { t.do(actCopy) }
	t.list.onEsc = e.esc
	t.list.onRune = func(r rune) {
		if t.filter.Visible() {
			e.focus(t.filter)
			t.filter.TypedRune(r)
		}
	}
	t.empty = label("", widget.MediumImportance)
	t.empty.Alignment = fyne.TextAlignCenter
	t.pane = newToolPane(m, t.do, e.esc)
	foot := container.NewHBox(
		t.plainButton("Add a tool…", func() { e.open(agent.PageAdd) }).object(),
		t.plainButton("Settings…", func() { e.open(agent.PageSettings) }).object(),
	)
	// The order is that of Tab.
	t.panes = container.New(
		&twoPanes{pane: t.pane},
		t.filter,
		container.NewStack(container.New(layout.NewCustomPaddedLayout(4, 4, 4, 4), t.list), t.list.ring, t.empty),
		widget.NewSeparator(),
		t.pane.scroll,
		foot,
	)
	t.filter.Hide() // until there is much to look through
	t.body, t.notice = container.NewStack(t.panes), newNotice(t.width, t.openFile, e.esc)
	t.root = container.NewBorder(t.notice.box, nil, nil, nil, t.body)
	return t
}

func (t *tools) plainButton(label string, tapped func()) *button {
	return newButton(label, widget.MediumImportance, tapped, t.env.esc, func(*button) {})
}

func (t *tools) title() string             { return "" }
func (t *tools) object() fyne.CanvasObject { return t.root }
func (t *tools) left()                     {}

func (t *tools) first() fyne.Focusable {
	if len(t.snaps) == 0 {
		return t.add
	}
	return t.list
}

// width is that of the window's inside.
func (t *tools) width() float32 {
	if t.env.win == nil {
		return frameWidth
	}
	return t.env.win.Canvas().Size().Width - 4*theme.Padding()
}

// esc empties the filter first.
func (t *tools) esc() bool {
	if t.filter.Text == "" {
		return false
	}
	t.filter.SetText("")
	t.env.focus(t.list)
	return true
}

// filterKey lets the arrows choose while a person types.
func (t *tools) filterKey(ev *fyne.KeyEvent) bool {
	switch ev.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		t.list.TypedKey(ev)
		return true
	}
	return false
}

// update implements [page].
func (t *tools) update(snaps []session.Snapshot) {
	was, first := len(t.snaps), t.snaps == nil
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
	t.look()
	if !first && (was == 0) != (len(snaps) == 0) {
		t.env.focus(t.first())
	}
}

// draw shows the sessions as they are. A search begins at the top.
func (t *tools) draw(searched bool) {
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
		t.notice.show(nil) // it is said in their place
		return
	}
	t.notice.show(t.trouble)
	now := t.env.now()
	if many := len(t.snaps) >= filterFrom; many != t.filter.Visible() {
		if !many && t.filter.Text != "" {
			t.filter.SetText("")
		}
		t.filter.Hidden = !many
		t.panes.Refresh()
	}
	rows := toolRows(t.snaps, t.filter.Text, now)
	at := slices.IndexFunc(rows, func(r toolRow) bool { return r.Tool == t.chosen })
	if at < 0 && len(rows) > 0 {
		at = 0
		t.chosen, t.said = rows[0].Tool, said{}
	}
	if t.empty.Hidden = len(rows) > 0; !t.empty.Hidden {
		t.empty.SetText("No tool is called “" + auth.Line(t.filter.Text, 40) + "”.")
	}
	if searched || at != t.list.at || !slices.Equal(rows, t.list.rows) {
		t.list.show(rows, at)
	}
	if searched && at >= 0 {
		t.list.ScrollTo(at)
	}
	t.drawChosen()
}

// choose shows another tool at the right.
func (t *tools) choose(tool string) {
	if tool != t.chosen {
		t.chosen, t.said = tool, said{}
		t.drawChosen()
	}
}

// pick implements [picker].
func (t *tools) pick(tool string) bool {
	if !slices.ContainsFunc(t.snaps, func(s session.Snapshot) bool { return s.Tool == tool }) {
		return false
	}
	t.filter.SetText("")
	t.chosen, t.said = tool, said{}
	t.draw(true)
	t.env.focus(t.first())
	return true
}

// snapshot is the session of the tool that is chosen.
func (t *tools) snapshot() (session.Snapshot, bool) {
	i := slices.IndexFunc(t.snaps, func(s session.Snapshot) bool { return s.Tool == t.chosen })
	if i < 0 {
		return session.Snapshot{}, false
	}
	return t.snaps[i], true
}

func (t *tools) drawChosen() {
	s, ok := t.snapshot()
	if !ok {
		return
	}
	had := t.focused()
	t.pane.show(toolView(s, t.tries[s.Tool].err, t.env.now()), t.said)
	if t.pane.owns(had) && !t.pane.has(had) {
		t.env.focus(t.list) // what had it is gone
	}
}

func (t *tools) focused() fyne.Focusable {
	if t.env.win == nil {
		return nil
	}
	return t.env.win.Canvas().Focused()
}
