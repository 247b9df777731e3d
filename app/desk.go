package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"keyfob/app/agent"
	"keyfob/app/prompts"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray"
	"keyfob/tray/clipboard"
	"keyfob/tray/notify"
)

const (
	// copyValid is how long a token that is copied lives at least.
	copyValid = 10 * time.Second
	// actionTimeout bounds what a click may wait for, apart from a person.
	actionTimeout = 40 * time.Second
)

// The buttons of a notification.
const (
	pressSignIn = "sign-in"
	pressLater  = "later"
)

// desk is what a person sees of the engine: icon, notifications, the prompt
// window and the clipboard. Its loop owns the notifications and the window.
type desk struct {
	*resident
	clip   *clipboard.Clipboard
	window promptWindow
	shown  prompts.Shown
	notes  *notify.Notifier // nil until something was shown, and where there is no server
	jobs   chan func(ctx context.Context)
	wg     sync.WaitGroup
}

// desk shows the sessions until the person quits, ctx ends or a client asks
// for the end. Without a tray host on this desktop everything else goes on.
func (r *resident) desk(ctx context.Context, stop func()) error {
	d := &desk{
		resident: r,
		clip:     clipboard.New(),
		window:   newPromptWindow(r.dir),
		jobs:     make(chan func(context.Context)),
	}
	ctx, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() {
		served <- r.serve(ctx, agent.Engine{Later: d.later, Copy: d.copy, Show: d.show, Quit: stop})
		cancel()
	}()
	d.wg.Go(func() { d.loop(ctx) })
	if r.path != "" {
		d.wg.Go(func() { d.watchSettings(ctx) })
		d.wg.Go(func() { d.remindOfSecrets(ctx) })
	}

	first, _ := r.sessions.Snapshots(ctx)
	err := tray.Run(ctx, tray.Config{
		First:   first,
		Watch:   r.sessions.Watch(ctx),
		Now:     r.host.now,
		Options: d.options,
		Actions: tray.Actions{
			SignIn:       func(tool string) { d.wg.Go(func() { d.signIn(ctx, tool) }) },
			Cancel:       d.try(ctx, r.sessions.CancelSignIn),
			Copy:         d.try(ctx, d.copy),
			CopyAddress:  d.try(ctx, d.copyAddress),
			CopyDetails:  d.try(ctx, d.copyDetails),
			OpenHome:     d.try(ctx, d.openHome),
			SignOut:      d.try(ctx, d.signOut),
			OpenSettings: func() { d.try(ctx, d.openSettings)("") },
		},
	})
	if errors.Is(err, tray.ErrNoTray) {
		_, _ = fmt.Fprintln(r.host.err, "keyfob: "+err.Error()+"; notifications, windows and the command line still work")
		<-ctx.Done()
		err = nil
	}
	cancel()
	stop()
	d.wg.Wait()
	return errors.Join(err, <-served, d.clip.Close())
}

// loop tells the person what changed, and takes what they press.
func (d *desk) loop(ctx context.Context) {
	watch := d.sessions.Watch(ctx)
	for {
		var pressed <-chan notify.Event
		if d.notes != nil {
			pressed = d.notes.Events()
		}
		select {
		case all, ok := <-watch:
			if !ok {
				d.close()
				return
			}
			d.tell(ctx, d.shown.Update(all))
		case e := <-pressed:
			d.press(ctx, e)
		case job := <-d.jobs:
			job(ctx)
		case <-d.window.closed:
			d.window.close()
		}
	}
}

// tell shows what is new and takes away what is out of date.
func (d *desk) tell(ctx context.Context, n prompts.Notes) {
	for _, s := range n.Remind {
		d.notify(ctx, s.Tool, notify.Note{
			Title: s.Name + ": " + s.Words(d.host.now()),
			Body:  "Access ends at " + clock(s.EndsAt) + ", because " + s.Renewal.Reason + ".",
			Actions: []notify.Action{
				{ID: pressSignIn, Label: "Renew now"},
				{ID: pressLater, Label: "Later"},
			},
		})
	}
	for _, s := range n.Prompt {
		d.notify(ctx, s.Tool, notify.Note{
			Title: "Your " + s.Name + " session has ended",
			Body:  "It ended at " + clock(s.EndsAt) + ", because " + s.Renewal.Reason + ".",
			Actions: []notify.Action{
				{ID: pressSignIn, Label: "Sign in"},
				{ID: pressLater, Label: "Later"},
			},
			Urgent: true,
		})
	}
	if len(n.Prompt) > 0 {
		if err := d.window.show(ctx, n.Prompt); err != nil {
			_, _ = fmt.Fprintln(d.host.err, "keyfob: "+err.Error())
		}
	}
	for _, tool := range n.Clear {
		d.dismiss(ctx, tool)
	}
}

// notify shows a note under key. A desktop without a notification server has
// the icon and the window.
func (d *desk) notify(ctx context.Context, key string, n notify.Note) {
	if d.notes == nil {
		notes, err := notify.Open(ctx)
		if err != nil {
			return
		}
		d.notes = notes
	}
	_ = d.notes.Show(ctx, key, n)
}

func (d *desk) dismiss(ctx context.Context, key string) {
	if d.notes != nil {
		_ = d.notes.Dismiss(ctx, key)
	}
}

// press does what a notification's button says.
func (d *desk) press(ctx context.Context, e notify.Event) {
	if e.Action == pressSignIn {
		d.wg.Go(func() { d.signIn(ctx, e.Key) })
	}
}

// close takes everything off the screen at the end.
func (d *desk) close() {
	d.window.close()
	if d.notes != nil {
		d.notes.Close()
	}
}

// job runs f in the loop.
func (d *desk) job(ctx context.Context, f func(ctx context.Context)) error {
	select {
	case d.jobs <- f:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// later puts off a prompt: what was shown of it goes away, and the icon still
// tells.
func (d *desk) later(ctx context.Context, tool string) error {
	return d.job(ctx, func(ctx context.Context) { d.dismiss(ctx, tool) })
}

// show answers a second start: the icon is there, so nothing opens.
func (d *desk) show(context.Context) error { return nil }

// signIn signs in for a click and tells the person when it failed.
func (d *desk) signIn(ctx context.Context, tool string) {
	err := d.sessions.SignIn(ctx, tool, session.SignInOptions{})
	if err != nil && auth.KindOf(err) != auth.KindCanceled && ctx.Err() == nil {
		d.complain(ctx, tool, "Signing in failed", err)
	}
}

// try makes a menu action of f: with a deadline, and telling the person when
// it failed.
func (d *desk) try(ctx context.Context, f func(context.Context, string) error) func(tool string) {
	return func(tool string) {
		within, cancel := context.WithTimeout(ctx, actionTimeout)
		defer cancel()
		if err := f(within, tool); err != nil && ctx.Err() == nil {
			d.complain(ctx, tool, "That did not work", err)
		}
	}
}

func (d *desk) complain(ctx context.Context, tool, title string, err error) {
	_ = d.job(ctx, func(ctx context.Context) {
		d.notify(ctx, tool+"/error", notify.Note{Title: title, Body: details(auth.AsError(err))})
	})
}

// clock is the time of day of t, with the day where that is not today.
func clock(t time.Time) string {
	t = t.Local()
	if time.Since(t).Abs() > 12*time.Hour {
		return t.Format("2 Jan 15:04")
	}
	return t.Format("15:04")
}
