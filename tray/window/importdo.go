package window

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"keyfob/app/setup/form"
	"keyfob/auth"
)

// typed begins anew with another file.
func (i *importPage) typed(s string) {
	i.state = importState{path: s, secrets: i.state.secrets}
	i.show()
}

// pick lets the person choose the file.
func (i *importPage) pick() {
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
func (i *importPage) goOn() {
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
func (i *importPage) enter() {
	switch s := &i.state; {
	case s.busy || s.path == "":
	case i.model.Button != "":
		i.env.focus(i.button)
	default:
		i.read(false)
	}
}

// newest is the first tool that was added.
func (i *importPage) newest() string {
	for _, e := range i.state.got.Entries {
		if e.Added() {
			return e.Tool
		}
	}
	return ""
}

// read has the engine say what the file gives, or take it.
func (i *importPage) read(take bool) {
	s := &i.state
	s.busy, s.problem = true, nil
	request := form.ImportRequest{Path: s.path, Take: take, WithSecret: take && s.secrets}
	var got form.ImportResult
	i.show()
	i.env.start(func(ctx context.Context) (err error) {
		got, err = i.env.engine.Import(ctx, request)
		return err
	}, func(err error) {
		if s.path != request.Path {
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
