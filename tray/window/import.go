package window

import (
	"context"
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/session"
)

// importing is the page on which a person imports ThingWorx's settings.
type importing struct {
	env     env
	state   importState
	model   importModel
	box     *fyne.Container
	path    *entry
	choose  *button
	secrets *toggle
	wrong   *widget.Label
	list    *container.Scroll
	status  *widget.Label
	button  *button
	next    fyne.CanvasObject // the button with its ring
	keep    fyne.CanvasObject // the box to tick, with its ring
}

func newImporting(e env, _ string) page {
	i := &importing{env: e, list: container.NewVScroll(nil), wrong: label("", widget.DangerImportance), status: widget.NewLabel("")}
	i.path = newEntry("/path/to/sso-settings.json", i.enter, e.esc)
	i.path.OnChanged = i.typed
	i.choose = newButton("Choose file…", widget.MediumImportance, i.pick, e.esc, func(*button) {})
	i.secrets = newToggle("", func(on bool) { i.state.secrets = on }, e.esc)
	i.button = newButton("", widget.HighImportance, i.goOn, e.esc, func(*button) {})
	i.next, i.keep = i.button.object(), i.secrets.object()
	i.status.Truncation = fyne.TextTruncateEllipsis

	across := func() float32 { return max(i.box.Size().Width, 100) }
	i.list.Content = container.New(upright{width: width(i.list), gap: 12})
	i.box = container.NewStack()
	head := container.New(
		upright{width: across, gap: 10},
		container.New(
			upright{width: across, gap: 6, cut: theme.InnerPadding()},
			heading(importHeading),
			label(importAdvice, widget.MediumImportance),
		),
		container.NewBorder(nil, nil, nil, i.choose.object(), i.path),
		container.New(upright{width: across, gap: 6, cut: theme.InnerPadding()}, i.wrong),
	)
	foot := container.NewVBox(i.keep, container.NewBorder(nil, nil, nil, i.next, i.status))
	i.box.Objects = []fyne.CanvasObject{container.NewBorder(head, foot, nil, nil, i.list)}
	i.show()
	return i
}

func (i *importing) title() string             { return "Import tools" }
func (i *importing) object() fyne.CanvasObject { return i.box }
func (i *importing) update([]session.Snapshot) {}
func (i *importing) first() fyne.Focusable     { return i.path }
func (i *importing) esc() bool                 { return false }
func (i *importing) left()                     {}

func (i *importing) typed(s string) {
	i.state = importState{path: s, secrets: i.state.secrets}
	i.show()
}

// pick lets the person choose the file.
func (i *importing) pick() {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		i.env.focus(i.choose)
		if err != nil || r == nil {
			return
		}
		_ = r.Close() // the engine reads it
		i.path.SetText(r.URI().Path())
		i.read(false)
	}, i.env.win)
	d.SetFilter(storage.NewExtensionFileFilter([]string{".json"}))
	size := i.box.Size()
	d.Resize(fyne.NewSize(size.Width, max(size.Height-40, 0)))
	d.Show()
}

// goOn does what comes next: reads the file, takes the tools, or shows them.
func (i *importing) goOn() {
	switch s := &i.state; {
	case s.busy:
	case s.done:
		i.env.home(i.newest())
	case s.got != nil && s.tools() > 0:
		i.read(true)
	case s.path != "":
		i.read(false)
	}
}

// enter reads the file whose name was typed. To take it is the button's.
func (i *importing) enter() {
	switch s := &i.state; {
	case s.busy || s.path == "":
	case i.model.Button != "":
		i.env.focus(i.button)
	default:
		i.read(false)
	}
}

// newest is the first tool that was added.
func (i *importing) newest() string {
	for _, e := range i.state.got.Entries {
		if e.Added() {
			return e.Tool
		}
	}
	return ""
}

// read has the engine say what the file gives, or take it.
func (i *importing) read(take bool) {
	s := &i.state
	s.busy, s.problem = true, nil
	ask := form.ImportRequest{Path: s.path, Take: take, WithSecret: take && s.secrets}
	var got form.ImportResult
	i.show()
	i.env.start(func(ctx context.Context) (err error) {
		got, err = i.env.engine.Import(ctx, ask)
		return err
	}, func(err error) {
		if s.path != ask.Path {
			return // another was typed meanwhile
		}
		s.busy = false
		switch {
		case err != nil:
			s.got, s.problem = nil, auth.AsError(err)
		default:
			s.got, s.done = &got, take
		}
		i.show()
		i.list.ScrollToTop()
		if i.model.Button != "" {
			i.env.focus(i.button)
		}
	})
}

// show draws what is known now.
func (i *importing) show() {
	m := importView(&i.state)
	if !reflect.DeepEqual(m.Entries, i.model.Entries) {
		i.list.Content.(*fyne.Container).Objects = i.rows(m.Entries)
		i.list.Content.Refresh()
		i.list.Refresh()
	}
	i.model = m
	set(i.wrong, m.Wrong)
	i.status.SetText(m.Status)
	i.secrets.SetText(m.Secrets)
	i.keep.(*fyne.Container).Hidden = m.Secrets == ""
	i.next.(*fyne.Container).Hidden = m.Button == ""
	i.button.SetText(m.Button)
	i.box.Refresh()
}

func (i *importing) rows(entries []importRow) (rows []fyne.CanvasObject) {
	for _, r := range entries {
		texts := []fyne.CanvasObject{bold(r.Name)}
		for _, f := range r.Facts {
			texts = append(texts, label(f, widget.MediumImportance))
		}
		rows = append(rows, markedRow(i.list, r.Mark, 20, texts...))
	}
	return rows
}
