package desktop

import (
	"context"
	"time"

	"keyfob/app/agent"
	"keyfob/auth/session"
	"keyfob/tray"
)

// actionTimeout bounds what a click may wait for, apart from a person.
const actionTimeout = 40 * time.Second

// menu is what the entries of the menu do, until ctx ends.
func (d *Desktop) menu(ctx context.Context, aside begin) tray.Actions {
	signIn := func(o session.SignInOptions) func(context.Context, string) {
		return func(_ context.Context, tool string) { d.signIns.start(ctx, tool, o) }
	}
	copyAs := func(as agent.CopyAs) func(context.Context, string) {
		return d.try(func(ctx context.Context, tool string) error { return d.copier.copy(ctx, tool, as) })
	}
	page := func(key string) func(context.Context) {
		return func(ctx context.Context) {
			d.try(func(ctx context.Context, _ string) error { return notOfWindow(d.openPage(ctx, key)) })(ctx, "")
		}
	}
	return tray.Actions{
		SignIn:      signIn(session.SignInOptions{}),
		Switch:      signIn(session.SignInOptions{SwitchAccount: true}),
		Offline:     func(_ context.Context, tool string) { d.signIns.startOffline(ctx, tool) },
		Cancel:      d.try(d.sessions.CancelSignIn),
		Copy:        copyAs(agent.CopyToken),
		CopyHeader:  copyAs(agent.CopyHeader),
		CopyCurl:    copyAs(agent.CopyCurl),
		CopyEnv:     copyAs(agent.CopyEnv),
		CopyAddress: copyAs(agent.CopyAddress),
		CopyDetails: copyAs(agent.CopyDetails),
		ShowToken: d.try(func(ctx context.Context, tool string) error {
			return notOfWindow(d.openPage(ctx, agent.PageToken+"/"+tool))
		}),
		OpenHome: d.try(d.home),
		SignOut:  func(ctx context.Context, tool string) { d.signOut(ctx, aside, tool) },
		Show:     page(agent.PageTools),
		Add:      page(agent.PageAdd),
		OpenSettings: func(ctx context.Context) {
			d.try(func(ctx context.Context, _ string) error { return OpenSettings(ctx, d.settings.Path()) })(ctx, "")
		},
	}
}

// options is what the tray shows beside the sessions.
func (d *Desktop) options() tray.Options {
	o := tray.Options{Window: d.screen.windows.problem.Load()}
	if d.settings.Path() != "" {
		s, problem := d.settings.Last()
		o.Problem, o.Ignored = problem, s.Ignored
	}
	if d.update != nil {
		o.Update = d.update()
	}
	return o
}

// try makes a menu action of f: with a deadline, and telling the person when
// it failed.
func (d *Desktop) try(f func(context.Context, string) error) func(ctx context.Context, tool string) {
	return func(ctx context.Context, tool string) {
		within, cancel := context.WithTimeout(ctx, actionTimeout)
		defer cancel()
		if err := f(within, tool); err != nil && ctx.Err() == nil {
			title := "That did not work"
			if tool != "" {
				title = nameOf(ctx, d.sessions, tool) + ": that did not work"
			}
			d.screen.complain(ctx, tool, title, err)
		}
	}
}
