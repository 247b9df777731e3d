package window

import (
	"context"
	"errors"
	"maps"
	"strings"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/wording"
)

// typed takes in a change of a field.
func (a *addPage) typed(key, value string) {
	a.state.typed(key, value)
	a.show()
}

// check asks the provider. Whoever presses the button wants to know, so an
// earlier answer does not do.
func (a *addPage) check() {
	if a.state.busy != addIdle {
		return
	}
	a.checkDraft(false)
}

// save adds the tool, after a check that it passed or that the person knows to
// have failed.
func (a *addPage) save() {
	switch {
	case a.state.busy != addIdle:
	case a.state.fits(), a.state.refused():
		a.add()
	default:
		a.checkDraft(true)
	}
}

// enter saves for somebody who presses Enter in a field, but never what the
// check refused: whoever is quick, or holds the key, has not read that yet.
func (a *addPage) enter() {
	if a.state.busy == addIdle && a.state.refused() {
		a.env.focus(a.form.save)
		return
	}
	a.save()
}

// checkDraft has the engine check the draft, and save it then if it is good.
func (a *addPage) checkDraft(thenSave bool) {
	s := &a.state
	s.busy, s.saving, s.judged, s.problem, s.faults = addChecking, thenSave, nil, nil, nil
	var judged form.Judgement
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	draft := a.draft()
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
			a.showFaults(judged.Faults)
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

// draft is what is typed now, while the person may go on typing.
func (a *addPage) draft() form.Draft {
	return form.Draft{Provider: a.state.preset.ID, Values: maps.Clone(a.state.values)}
}

// add has the engine write the tool into the settings, and goes on to it.
func (a *addPage) add() {
	a.state.busy = addSaving
	a.show()
	var judged form.Judgement
	draft := a.draft()
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
			a.showFaults(judged.Faults)
		default:
			a.env.home(judged.ID)
		}
	})
}

// showFaults says at each field what is wrong with it, and leads to the first.
func (a *addPage) showFaults(faults []form.Fault) {
	first := a.state.takeFaults(faults)
	a.state.saving = false
	a.show()
	if e := a.form.entries[first]; e != nil {
		a.env.focus(e)
	}
}

// copyRedirect has the engine copy what is to be registered: its clipboard
// outlives the window.
func (a *addPage) copyRedirect() {
	preset, all := a.state.preset.ID, a.state.preset.RedirectsFor(a.state.values)
	if host := a.state.preset.RedirectHost(a.state.values); host != "" {
		preset += " " + host
	}
	a.env.start(func(ctx context.Context) error {
		return a.env.engine.Copy(ctx, preset, agent.CopyRedirect)
	}, func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			a.form.report(wording.Explain(auth.AsError(err)))
			return
		}
		a.form.report("Copied " + strings.Join(all, " and ") + ".")
	})
}
