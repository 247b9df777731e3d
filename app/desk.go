package app

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray"
	"keyfob/tray/clipboard"
)

const (
	// copyValid is how long a token that is copied lives at least.
	copyValid = 10 * time.Second
	// actionTimeout bounds what a click may wait for, apart from a person.
	actionTimeout = 40 * time.Second
)

// desk is what a person sees of the engine: icon, notifications, the prompt
// window and the clipboard.
type desk struct {
	*resident
	*teller
	copies
	wg sync.WaitGroup // of all that goes on; only what is part of it, or runs while the tray does, adds to it
}

// desk shows the sessions until the person quits, ctx ends or a client asks
// for the end. Without a tray host on this desktop everything else goes on.
func (r *resident) desk(ctx context.Context, stop func()) error {
	d := &desk{resident: r, copies: copies{clip: clipboard.New()}}
	ctx, cancel := context.WithCancel(ctx)
	d.teller = &teller{
		manager: r.sessions,
		now:     r.host.now,
		err:     r.host.err,
		file:    r.remembers("prompts.json"),
		signIn:  func(tool string) { d.wg.Go(func() { d.signInTo(ctx, tool) }) },
		window:  newWindowProcess(r.dir),
		main:    newWindowProcess(r.dir),
		jobs:    make(chan func(context.Context)),
		quiet:   r.settings.Quiet,
		hidden:  func() { d.wg.Go(d.forget) },
		board:   newBoard(filepath.Join(r.dir, "notes.json")),
	}
	served := make(chan error, 1)
	go func() {
		served <- r.serve(ctx, server.Engine{
			Desktop: deskActions{d}, Setup: d.setup(), Quit: stop,
		})
		cancel()
	}()
	d.wg.Go(func() { d.loop(ctx) })
	d.wg.Go(func() { d.follow(ctx, r.sessions) })
	if r.path != "" {
		d.wg.Go(func() { d.watchSettings(ctx, d.reload) })
		d.wg.Go(func() { d.remindOfSecrets(ctx) })
	}

	first, _ := r.sessions.Snapshots(ctx)
	err := tray.Run(ctx, tray.Config{
		First:   first,
		Watch:   r.sessions.Watch(ctx),
		Now:     r.host.now,
		Options: d.options,
		NoHost:  func() { d.iconless(ctx, noHost()) },
		Host:    func() { d.iconed(ctx) },
		Actions: tray.Actions{
			SignIn:      func(_ context.Context, tool string) { d.signIn(tool) },
			Cancel:      d.try(r.sessions.CancelSignIn),
			Copy:        d.try(d.copier(agent.CopyToken)),
			CopyHeader:  d.try(d.copier(agent.CopyHeader)),
			CopyCurl:    d.try(d.copier(agent.CopyCurl)),
			CopyEnv:     d.try(d.copier(agent.CopyEnv)),
			ShowToken:   d.try(d.opener(agent.PageToken)),
			CopyAddress: d.try(d.copier(agent.CopyAddress)),
			CopyDetails: d.try(d.copier(agent.CopyDetails)),
			OpenHome:    d.try(d.openHome),
			SignOut:     d.try(d.signOut),
			Offline:     func(_ context.Context, tool string) { d.wg.Go(func() { d.signInOffline(ctx, tool) }) },
			Switch: func(_ context.Context, tool string) {
				d.wg.Go(func() { d.signInWith(ctx, tool, session.SignInOptions{SwitchAccount: true}) })
			},
			Show:         func(ctx context.Context) { d.try(d.opener(agent.PageTools))(ctx, "") },
			Add:          func(ctx context.Context) { d.try(d.opener(agent.PageAdd))(ctx, "") },
			OpenSettings: func(ctx context.Context) { d.try(d.openSettings)(ctx, "") },
		},
	})
	if errors.Is(err, tray.ErrNoTray) {
		d.iconless(ctx, err)
		<-ctx.Done()
		err = nil
	}
	cancel()
	stop()
	d.wg.Wait()
	return errors.Join(err, <-served, d.clip.Close())
}

// remembers is a file that keeps over restarts what a person was told, or empty
// for none. The demo's sessions do not outlive it.
func (r *resident) remembers(name string) string {
	dir, err := config.StateDir()
	if r.path == "" || err != nil {
		return ""
	}
	return filepath.Join(dir, name)
}

// putOff puts off a prompt for the window.
func (d *desk) putOff(ctx context.Context, tool string) error {
	return d.job(ctx, func(ctx context.Context) { d.later(ctx, tool) })
}

// copier is [desk.copyAs] as an entry of the menu.
func (d *desk) copier(as agent.CopyAs) func(context.Context, string) error {
	return func(ctx context.Context, tool string) error { return d.copyAs(ctx, tool, as) }
}

// opener is a page of the window as an entry of the menu: where the entry is
// about a tool, the tool's own.
func (d *desk) opener(page string) func(context.Context, string) error {
	return func(ctx context.Context, tool string) error {
		if tool != "" {
			return d.openPage(ctx, page+"/"+tool)
		}
		return d.openPage(ctx, page)
	}
}

// show answers a second start.
func (d *desk) show(ctx context.Context) error { return d.openPage(ctx, agent.PageTools) }

// deskActions is the desk as clients of the socket see it.
type deskActions struct{ d *desk }

func (a deskActions) Later(ctx context.Context, tool string) error  { return a.d.putOff(ctx, tool) }
func (a deskActions) Home(ctx context.Context, tool string) error   { return a.d.openHome(ctx, tool) }
func (a deskActions) Reopen(ctx context.Context, tool string) error { return a.d.reopen(ctx, tool) }
func (a deskActions) Show(ctx context.Context) error                { return a.d.show(ctx) }

func (a deskActions) Copy(ctx context.Context, tool string, as agent.CopyAs) error {
	return a.d.copyAs(ctx, tool, as)
}

// openPage shows a page of the window, which the person asked for.
func (d *desk) openPage(ctx context.Context, key string) error {
	opened := make(chan error, 1)
	if err := d.job(ctx, func(life context.Context) { opened <- d.main.page(life, key) }); err != nil {
		return err
	}
	return <-opened
}

// signInTo signs in for a click and tells the person when it failed.
func (d *desk) signInTo(ctx context.Context, tool string) {
	d.signInWith(ctx, tool, session.SignInOptions{})
}

// signInWith is signInTo in another way, and says whether it worked.
func (d *desk) signInWith(ctx context.Context, tool string, o session.SignInOptions) (ok bool) {
	under, over := context.WithCancel(ctx)
	defer over()
	d.wg.Go(func() { d.offerHelp(under, tool, time.After(helpAfter)) })
	err := d.sessions.SignIn(ctx, tool, o)
	if err != nil && auth.KindOf(err) != auth.KindCanceled && ctx.Err() == nil {
		d.complain(ctx, tool, "Signing in to "+d.nameOf(ctx, tool)+" failed", err)
	}
	return err == nil
}

// try makes a menu action of f: with a deadline, and telling the person when
// it failed.
func (d *desk) try(f func(context.Context, string) error) func(ctx context.Context, tool string) {
	return func(ctx context.Context, tool string) {
		within, cancel := context.WithTimeout(ctx, actionTimeout)
		defer cancel()
		if err := f(within, tool); err != nil && ctx.Err() == nil {
			title := "That did not work"
			if tool != "" {
				title = d.nameOf(ctx, tool) + ": that did not work"
			}
			d.complain(ctx, tool, title, err)
		}
	}
}
