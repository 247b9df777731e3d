package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// importPage is the page on which a person imports ThingWorx's settings.
type importPage struct {
	env     env
	state   importState
	model   importModel
	box     *fyne.Container
	path    *widget.Field
	choose  *widget.Button
	secrets *widget.Checkbox
	wrong   *widget.Label
	list    *container.Scroll
	status  *widget.Label
	button  *widget.Button // what comes next
}

func newImportPage(e env, _ string) page {
	i := &importPage{env: e, list: container.NewVScroll(nil), wrong: widget.Problem(""), status: widget.CutLine("")}
	i.path = widget.NewField("/path/to/sso-settings.json", i.enter, e.esc)
	i.path.OnChanged = i.typed
	i.choose = widget.NewButton("Choose file…", widget.Normal, i.pick, e.esc)
	i.secrets = widget.NewCheckbox("", func(on bool) { i.state.secrets = on }, e.esc)
	i.button = widget.NewButton("", widget.Primary, i.goOn, e.esc)

	i.list.Content = widget.Column(widget.InScroll(i.list), 12)
	i.box = container.NewStack()
	across := func() float32 { return max(i.box.Size().Width, 100) }
	head := widget.Column(across, 10,
		widget.Prose(across, 6, widget.Heading(importHeading), widget.Text(importAdvice)),
		container.NewBorder(nil, nil, nil, i.choose.Object(), i.path),
		widget.Prose(across, 6, i.wrong),
	)
	foot := container.NewVBox(i.secrets.Object(), container.NewBorder(nil, nil, nil, i.button.Object(), i.status))
	i.box.Objects = []fyne.CanvasObject{container.NewBorder(head, foot, nil, nil, i.list)}
	i.show()
	return i
}

func (i *importPage) title() string             { return "Import tools" }
func (i *importPage) object() fyne.CanvasObject { return i.box }
func (i *importPage) update([]session.Snapshot) {}
func (i *importPage) first() fyne.Focusable     { return i.path }
func (i *importPage) esc() bool                 { return false }
func (i *importPage) closed()                   {}

// show draws what is known now.
func (i *importPage) show() {
	m := importView(&i.state)
	if !m.sameEntries(i.model) {
		i.list.Content.(*fyne.Container).Objects = i.rows(m.Entries)
		i.list.Content.Refresh()
		i.list.Refresh()
	}
	i.model = m
	widget.SetOrHide(i.wrong, m.Wrong)
	i.status.SetText(m.Status)
	i.secrets.SetText(m.Secrets)
	i.secrets.Object().Hidden = m.Secrets == ""
	i.button.Object().Hidden = m.Button == ""
	i.button.SetText(m.Button)
	i.box.Refresh()
}

func (i *importPage) rows(entries []importRow) (rows []fyne.CanvasObject) {
	for _, r := range entries {
		texts := []fyne.CanvasObject{widget.Bold(r.Name)}
		for _, f := range r.Facts {
			texts = append(texts, widget.Text(f))
		}
		rows = append(rows, widget.Marked(widget.InScroll(i.list), r.Mark, 20, texts...))
	}
	return rows
}
