package window

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// addPage is the page on which a person adds a tool: first who signs them in,
// which is the page without a preset, and then a form for that provider.
type addPage struct {
	env       env
	id        string // of the preset; empty for the choice among them
	box       *fyne.Container
	choices   []*widget.Button
	address   *widget.Field // above the choices
	noAddress *widget.Label // what is wrong with it
	form      *addForm      // nil until the preset is known
	state     addState
	stop      func() // ends the check under way; nil while there is none
}

func newAddPage(e env, preset string) page {
	id, values := formOf(preset)
	a := &addPage{env: e, id: id, box: container.NewStack(), state: addState{values: values}}
	a.load()
	return a
}

func (a *addPage) title() string {
	if a.form != nil {
		return "Add a tool: " + auth.Line(a.state.preset.Name, 60)
	}
	return "Add a tool"
}

func (a *addPage) object() fyne.CanvasObject { return a.box }

func (a *addPage) update(snaps []session.Snapshot) {
	a.state.taken = nil
	for _, s := range snaps {
		a.state.taken = append(a.state.taken, s.Tool)
	}
	a.show()
}

func (a *addPage) first() fyne.Focusable {
	switch {
	case a.form != nil:
		return a.form.first()
	case a.address != nil:
		return a.address
	}
	return nil
}

// esc stops the check under way.
func (a *addPage) esc() bool {
	if a.stop == nil {
		return false
	}
	a.stop()
	a.stop = nil
	a.state.busy, a.state.saving = addIdle, false
	a.show()
	return true
}

func (a *addPage) closed() {
	if a.stop != nil {
		a.stop()
	}
}

// load asks for the providers.
func (a *addPage) load() {
	var all []form.Preset
	a.env.start(func(ctx context.Context) (err error) {
		all, err = a.env.engine.Presets(ctx)
		return err
	}, func(err error) { a.loaded(all, err) })
}

func (a *addPage) loaded(all []form.Preset, err error) {
	if err != nil {
		a.box.Objects = []fyne.CanvasObject{container.NewVBox(outcomeOf(err, "").label())}
		a.box.Refresh()
		return
	}
	for _, p := range all {
		if p.ID == a.id {
			a.state.preset = p
			for _, f := range p.Fields {
				if f.Value != "" && a.state.values[f.Key] == "" {
					a.state.values[f.Key] = f.Value
				}
			}
			a.form = newAddForm(a.state.preset, a.state.values, addActions{
				typed: a.typed, check: a.check, save: a.save, enter: a.enter, copied: a.copyRedirect, esc: a.env.esc,
			})
			a.box.Objects = []fyne.CanvasObject{a.form.object}
			a.box.Refresh()
			a.env.draw()
			a.show()
			return
		}
	}
	a.choose(all)
}

// show draws what is known now.
func (a *addPage) show() {
	if a.form != nil {
		a.form.show(addView(&a.state))
	}
}
