package window

import (
	"context"
	"errors"
	"maps"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// adding is the page on which a person adds a tool: first who signs them in,
// which is the page without a preset, and then a form for that provider.
type adding struct {
	env       env
	id        string // of the preset; empty for the choice among them
	box       *fyne.Container
	choices   []*button
	address   *entry        // above the choices
	noAddress *widget.Label // what is wrong with it
	form      *addForm      // nil until the preset is known
	state     addState
	stop      func() // ends the check under way; nil while there is none
}

func newAdding(e env, preset string) page {
	id, values := formOf(preset)
	a := &adding{env: e, id: id, box: container.NewStack(), state: addState{values: values}}
	a.load()
	return a
}

func (a *adding) title() string {
	if a.form != nil {
		return "Add a tool: " + auth.Line(a.state.preset.Name, 60)
	}
	return "Add a tool"
}

func (a *adding) object() fyne.CanvasObject { return a.box }

func (a *adding) update(snaps []session.Snapshot) {
	a.state.taken = nil
	for _, s := range snaps {
		a.state.taken = append(a.state.taken, s.Tool)
	}
	a.show()
}

func (a *adding) first() fyne.Focusable {
	switch {
	case a.form != nil:
		return a.form.first()
	case a.address != nil:
		return a.address
	}
	return nil
}

// esc stops the check under way.
func (a *adding) esc() bool {
	if a.stop == nil {
		return false
	}
	a.stop()
	a.stop = nil
	a.state.busy, a.state.saving = addIdle, false
	a.show()
	return true
}

func (a *adding) left() {
	if a.stop != nil {
		a.stop()
	}
}

// load asks for the providers.
func (a *adding) load() {
	var all []agent.Preset
	a.env.start(func(ctx context.Context) (err error) {
		all, err = a.env.engine.Presets(ctx)
		return err
	}, func(err error) { a.loaded(all, err) })
}

func (a *adding) loaded(all []form.Preset, err error) {
	if err != nil {
		a.box.Objects = []fyne.CanvasObject{container.NewVBox(label(wording.Explain(auth.AsError(err)), widget.DangerImportance))}
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
			a.form = newAddForm(a.state.preset, a.state.values, addPressed{
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
func (a *adding) show() {
	if a.form != nil {
		a.form.show(addView(&a.state))
	}
}

func (a *adding) typed(key, value string) {
	a.state.typed(key, value)
	a.show()
}

// check asks the provider. Whoever presses the button wants to know, so an
// earlier answer does not do.
func (a *adding) check() {
	if a.state.busy != addIdle {
		return
	}
	a.ask(false)
}

// save adds the tool, after a check that it passed or that the person knows to
// have failed.
func (a *adding) save() {
	switch {
	case a.state.busy != addIdle:
	case a.state.fits(), a.state.refused():
		a.add()
	default:
		a.ask(true)
	}
}

// enter saves for somebody who presses Enter in a field, but never what the
// check refused: whoever is quick, or holds the key, has not read that yet.
func (a *adding) enter() {
	if a.state.busy == addIdle && a.state.refused() {
		a.env.focus(a.form.save)
		return
	}
	a.save()
}

// ask has the engine check the draft, and save it then if it is good.
func (a *adding) ask(thenSave bool) {
	s := &a.state
	s.busy, s.saving, s.judged, s.problem, s.faults = addChecking, thenSave, nil, nil, nil
	var judged form.Judgement
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	draft := a.snapshot()
	a.show()
	a.env.start(func(page context.Context) (err error) {
		defer context.AfterFunc(page, stop)()
		judged, err = a.env.engine.Check(ctx, draft)
		return err
	}, func(err error) {
		if ctx.Err() != nil {
			return // it was stopped, and another may be under way
		}
		a.stop = nil
		stop()
		s.busy = addIdle
		switch {
		case err != nil:
			s.problem = auth.AsError(err)
		case len(judged.Faults) > 0:
			a.wrong(judged.Faults)
			return
		default:
			s.judged = &judged
		}
		if s.saving && s.fits() {
			a.add()
			return
		}
		s.saving = false
		a.show()
		a.form.toTop()
	})
}

// snapshot is the draft as it is now, while the person may go on typing.
func (a *adding) snapshot() form.Draft {
	return form.Draft{Provider: a.state.preset.ID, Values: maps.Clone(a.state.values)}
}

// add has the engine write the tool into the settings, and goes on to it.
func (a *adding) add() {
	a.state.busy = addSaving
	a.show()
	var judged form.Judgement
	draft := a.snapshot()
	a.env.start(func(ctx context.Context) (err error) {
		judged, err = a.env.engine.Add(ctx, draft)
		return err
	}, func(err error) {
		a.state.busy, a.state.saving = addIdle, false
		switch {
		case err != nil:
			a.state.problem = auth.AsError(err)
			a.show()
			a.form.toTop()
		case len(judged.Faults) > 0:
			a.wrong(judged.Faults)
		default:
			a.env.home(judged.ID)
		}
	})
}

// wrong says at each field what is wrong with it, and leads to the first.
func (a *adding) wrong(faults []form.Fault) {
	first := a.state.wrong(faults)
	a.state.saving = false
	a.show()
	if e := a.form.entries[first]; e != nil {
		a.env.focus(e)
	}
}

// copyRedirect has the engine copy what is to be registered: its clipboard
// outlives the window.
func (a *adding) copyRedirect() {
	preset, all := a.state.preset.ID, a.state.preset.RedirectsFor(a.state.values)
	if host := a.state.preset.RedirectHost(a.state.values); host != "" {
		preset += " " + host
	}
	a.env.start(func(ctx context.Context) error {
		return a.env.engine.Copy(ctx, preset, agent.CopyRedirect)
	}, func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			a.form.said(wording.Explain(auth.AsError(err)))
			return
		}
		a.form.said("Copied " + strings.Join(all, " and ") + ".")
	})
}
