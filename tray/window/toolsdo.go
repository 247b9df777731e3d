package window

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// do does what a button says about the tool that is chosen.
func (t *toolsPage) do(a toolAction) {
	s, ok := t.snapshot()
	i := slices.IndexFunc(t.drawing.shown.Buttons, func(b toolButton) bool { return b.Action == a })
	if !ok || i < 0 || t.drawing.shown.Buttons[i].Off {
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
func (t *toolsPage) run(s session.Snapshot, done string, work func(ctx context.Context) error) {
	t.report(s.Tool, outcome{})
	t.env.start(work, func(err error) { t.report(s.Tool, outcomeOf(err, done)) })
}

// report shows what came of something, if its tool is chosen still.
func (t *toolsPage) report(tool string, o outcome) {
	if tool == t.chosen {
		t.outcome = o
		t.drawChosen()
	}
}

// copy copies and says so, and where it is secret, for how long it stays there.
func (t *toolsPage) copy(s session.Snapshot, as agent.CopyAs, done string) {
	t.report(s.Tool, outcome{})
	t.env.start(func(ctx context.Context) error {
		if err := t.env.engine.Copy(ctx, s.Tool, as); err != nil {
			return err
		}
		if p, err := t.env.engine.Preferences(ctx); err == nil && p.ClearAfter > 0 && as != agent.CopyDetails {
			done += " It leaves it in " + wording.SpanInFull(p.ClearAfter) + "."
		}
		return nil
	}, func(err error) { t.report(s.Tool, outcomeOf(err, done)) })
}

// copyAs asks in which form.
func (t *toolsPage) copyAs(s session.Snapshot) {
	items := []*fyne.MenuItem{
		fyne.NewMenuItem("Copy as Authorization header", func() { t.copy(s, agent.CopyHeader, copied(agent.CopyHeader)) }),
		fyne.NewMenuItem("Copy as shell variable", func() { t.copy(s, agent.CopyEnv, copied(agent.CopyEnv)) }),
	}
	if s.Address() != "" {
		items = slices.Insert(items, 1, fyne.NewMenuItem("Copy as curl", func() { t.copy(s, agent.CopyCurl, copied(agent.CopyCurl)) }))
	}
	under := t.drawing.buttons[actCopyAs]
	widget.ShowMenuBelow(under, func() { t.env.focus(under) }, items...)
}

func (t *toolsPage) signOut(s session.Snapshot) {
	var result session.SignOutResult
	t.report(s.Tool, outcome{})
	t.env.start(func(ctx context.Context) (err error) {
		result, err = t.env.engine.Logout(ctx, s.Tool, session.SignOutOptions{Browser: true})
		return err
	}, func(err error) {
		done := "Signed out."
		if result.Incomplete {
			done = "Signed out on this machine. " + wording.Sentence(result.Line()) + " " + auth.Line(result.Rule, 400)
		}
		t.report(s.Tool, outcomeOf(err, done))
	})
}

// signIn asks the engine to sign in, and waits for the end of it: the engine
// gives a sign-in up when whoever asked for it is gone.
func (t *toolsPage) signIn(s session.Snapshot, o session.SignInOptions) {
	if t.tries[s.Tool].running {
		return
	}
	t.tries[s.Tool] = attempt{running: true, since: t.env.now(), set: s.Set}
	t.report(s.Tool, outcome{})
	t.env.startDetached(func(ctx context.Context) error { return t.env.engine.Login(ctx, s.Tool, o) }, func(err error) {
		try := t.tries[s.Tool]
		try.running, try.err = false, err
		t.tries[s.Tool] = try
		t.drawChosen()
	})
}

// cancel gives the sign-in up. A second click of a double one does not.
func (t *toolsPage) cancel(s session.Snapshot) {
	if t.env.now().Sub(t.tries[s.Tool].since) < doubleClick {
		return
	}
	t.run(s, "", func(ctx context.Context) error { return t.env.engine.Cancel(ctx, s.Tool) })
}
