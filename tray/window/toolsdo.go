package window

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// do does what a button says about the tool that is chosen.
func (t *tools) do(a toolAct) {
	s, ok := t.snapshot()
	i := slices.IndexFunc(t.pane.detail.Buttons, func(b toolButton) bool { return b.Act == a })
	if !ok || i < 0 || t.pane.detail.Buttons[i].Off {
		return
	}
	switch a {
	case actMain:
		if s.BadSettings() {
			t.env.open(agent.PageSettings)
			return
		}
		t.signIn(s, session.SignInOptions{})
	case actCancel:
		t.cancel(s)
	case actOffline:
		t.signIn(s, session.SignInOptions{Offline: true})
	case actSwitch:
		t.signIn(s, session.SignInOptions{SwitchAccount: true, Prompt: "select_account"})
	case actBrowser:
		t.env.open(agent.PageWaiting + "/" + s.Tool)
	case actCopy:
		t.copy(s, agent.CopyToken, "The token is in the clipboard.")
	case actCopyAs:
		t.copyAs(s)
	case actDetails:
		t.copy(s, agent.CopyDetails, "The details are in the clipboard: paste them into a message.")
	case actToken:
		t.env.open(agent.PageToken + "/" + s.Tool)
	case actHome:
		t.run(s, "", func(ctx context.Context) error { return t.env.engine.Home(ctx, s.Tool) })
	case actSignOut:
		t.signOut(s)
	}
}

// run does work for a tool, and then says so, or what it failed with.
func (t *tools) run(s session.Snapshot, done string, work func(ctx context.Context) error) {
	t.say(s.Tool, said{})
	t.env.start(work, func(err error) {
		if err != nil {
			t.say(s.Tool, said{Text: wording.Explain(auth.AsError(err)), Bad: true})
			return
		}
		t.say(s.Tool, said{Text: done})
	})
}

// say shows what came of something, if its tool is chosen still.
func (t *tools) say(tool string, s said) {
	if tool == t.chosen {
		t.said = s
		t.drawChosen()
	}
}

// copy copies and says so, and where it is secret, how long it stays there.
func (t *tools) copy(s session.Snapshot, as agent.CopyAs, done string) {
	t.say(s.Tool, said{})
	stays := ""
	t.env.start(func(ctx context.Context) error {
		if err := t.env.engine.Copy(ctx, s.Tool, as); err != nil {
			return err
		}
		if p, err := t.env.engine.Preferences(ctx); err == nil && p.ClearAfter > 0 && as != agent.CopyDetails {
			stays = " It leaves it in " + wording.SpanInFull(p.ClearAfter) + "."
		}
		return nil
	}, func(err error) {
		if err != nil {
			t.say(s.Tool, said{Text: wording.Explain(auth.AsError(err)), Bad: true})
			return
		}
		t.say(s.Tool, said{Text: done + stays})
	})
}

// copyAs asks in which form.
func (t *tools) copyAs(s session.Snapshot) {
	items := []*fyne.MenuItem{
		fyne.NewMenuItem("Copy as Authorization header", func() { t.copy(s, agent.CopyHeader, copied(agent.CopyHeader)) }),
		fyne.NewMenuItem("Copy as shell variable", func() { t.copy(s, agent.CopyEnv, copied(agent.CopyEnv)) }),
	}
	if s.Address() != "" {
		items = slices.Insert(items, 1, fyne.NewMenuItem("Copy as curl", func() { t.copy(s, agent.CopyCurl, copied(agent.CopyCurl)) }))
	}
	under := t.pane.buttons[actCopyAs]
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), t.env.win.Canvas())
	menu.OnDismiss = func() {
		menu.Hide()
		t.env.focus(under) // which Fyne leaves to nobody
	}
	menu.ShowAtRelativePosition(fyne.NewPos(0, under.Size().Height+theme.Padding()), under)
	menu.ActivateNext() // so that Enter does the first
}

func (t *tools) signOut(s session.Snapshot) {
	var p session.SignOutResult
	t.say(s.Tool, said{})
	t.env.start(func(ctx context.Context) (err error) {
		p, err = t.env.engine.Logout(ctx, s.Tool, session.SignOutOptions{Browser: true})
		return err
	}, func(err error) {
		switch {
		case err != nil:
			t.say(s.Tool, said{Text: wording.Explain(auth.AsError(err)), Bad: true})
		case p.Incomplete:
			t.say(s.Tool, said{Text: "Signed out on this machine. " + wording.Sentence(p.Line()) + " " + auth.Line(p.Rule, 400)})
		default:
			t.say(s.Tool, said{Text: "Signed out."})
		}
	})
}

// signIn asks the engine to sign in, and waits for the end of it: the engine
// gives a sign-in up when whoever asked for it is gone.
func (t *tools) signIn(s session.Snapshot, o session.SignInOptions) {
	if t.tries[s.Tool].running {
		return
	}
	t.tries[s.Tool] = try{running: true, since: t.env.now(), set: s.Set}
	t.say(s.Tool, said{})
	t.env.keep(func(ctx context.Context) error { return t.env.engine.Login(ctx, s.Tool, o) }, func(err error) {
		tr := t.tries[s.Tool]
		tr.running, tr.err = false, err
		t.tries[s.Tool] = tr
		t.drawChosen()
	})
}

// cancel gives the sign-in up. A second click of a double one does not.
func (t *tools) cancel(s session.Snapshot) {
	if t.env.now().Sub(t.tries[s.Tool].since) < doubleClick {
		return
	}
	t.run(s, "", func(ctx context.Context) error { return t.env.engine.Cancel(ctx, s.Tool) })
}
