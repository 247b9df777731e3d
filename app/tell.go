package app

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"keyfob/app/prompts"
	"keyfob/auth/session"
	"keyfob/tray/notify"
	"keyfob/tray/presence"
)

// endedKey is the one notification of all sessions that have ended. Every
// other has its tool's ID in its key.
const endedKey = "/ended"

// teller tells the person at the screen what becomes of the sessions, by
// notifications and one window. It shows nothing while the screen is locked.
// All of it belongs to its loop.
type teller struct {
	manager *session.Manager
	now     func() time.Time
	err     io.Writer         // for what has no other place
	file    string            // remembers what was told; empty for nowhere
	signIn  func(tool string) // what a button does; returns at once
	window  windowProcess     // the prompt
	main    windowProcess     // what a person opened
	jobs    chan func(ctx context.Context)
	hidden  func() // called when the screen is locked; returns at once

	shown  *prompts.Shown
	notes  *notify.Notifier        // nil until something was shown, and where there is no server
	ended  []session.Snapshot      // of which the notification with endedKey tells
	locked bool                    //
	quiet  bool                    // the settings want no notifications: icon and window do it
	held   map[string]notify.Note  // what came while it was locked
	keys   map[string]bool         // whatever was shown, by key
	seen   []func(context.Context) // what waits for somebody to see it
}

// loop tells what changed, and takes what the person presses, until ctx ends.
func (t *teller) loop(ctx context.Context) {
	t.shown, t.held, t.keys, t.locked = prompts.Load(t.file), map[string]notify.Note{}, map[string]bool{}, true
	watch, desktop := t.manager.Watch(ctx), presence.Watch(ctx)
	var (
		all   []session.Snapshot
		fresh bool // all is not told yet
		wakes int
	)
	for {
		var pressed <-chan notify.Event
		if t.notes != nil {
			pressed = t.notes.Events()
		}
		select {
		case now, ok := <-watch:
			if !ok {
				t.close()
				return
			}
			all, fresh = now, true
		case p, ok := <-desktop:
			if !ok {
				desktop = nil
				break
			}
			if p.Wakes > wakes {
				wakes = p.Wakes
				_ = t.manager.Wake(ctx)
			}
			if t.locked = p.Locked; t.locked {
				t.hidden()
			} else {
				t.release(ctx)
			}
		case e := <-pressed:
			t.press(ctx, e)
		case job := <-t.jobs:
			job(ctx)
		case <-t.window.closed:
			t.window.close()
		case <-t.main.closed:
			if err := t.main.ended(ctx); err != nil {
				t.grumble(err.Error())
			}
		}
		if fresh && !t.locked {
			fresh = false
			t.tell(ctx, t.shown.Update(all))
		}
	}
}

// tell shows what is new and takes away what is out of date. It is noted first:
// a program that crashes over it must not tell it again and again.
func (t *teller) tell(ctx context.Context, n prompts.Notes) {
	if t.file != "" {
		if err := t.shown.Save(t.file); err != nil {
			t.grumble("what was told cannot be remembered: " + err.Error())
		}
	}
	for _, tool := range n.Clear {
		t.clear(ctx, tool)
	}
	for _, s := range n.Remind {
		t.notify(ctx, s.Tool, reminderNote(s, t.now()))
	}
	if len(n.Prompt) == 0 {
		return
	}
	if !t.showing(endedKey) {
		t.ended = nil
	}
	for _, s := range n.Prompt {
		t.dismiss(ctx, s.Tool) // the reminder
		t.ended = append(without(t.ended, s.Tool), s)
	}
	t.notify(ctx, endedKey, endedNote(t.ended, t.now()))
	t.openWindow(ctx, n.Prompt)
}

// clear takes away what is shown of a tool.
func (t *teller) clear(ctx context.Context, tool string) {
	t.dismiss(ctx, tool)
	rest := without(t.ended, tool)
	if len(rest) == len(t.ended) {
		return
	}
	t.ended = rest
	switch {
	case len(rest) == 0:
		t.dismiss(ctx, endedKey)
	case t.showing(endedKey):
		t.notify(ctx, endedKey, endedNote(rest, t.now()))
	}
}

func without(all []session.Snapshot, tool string) []session.Snapshot {
	return slices.DeleteFunc(slices.Clone(all), func(s session.Snapshot) bool { return s.Tool == tool })
}

// later puts off a prompt: what was shown of it goes away, and the icon still
// tells.
func (t *teller) later(ctx context.Context, tool string) {
	t.dismiss(ctx, tool)
	if len(without(t.ended, tool)) < len(t.ended) {
		t.ended = nil
		t.dismiss(ctx, endedKey)
	}
}

// press does what a notification's button says.
func (t *teller) press(ctx context.Context, e notify.Event) {
	if tool, ok := strings.CutPrefix(e.Action, pressSignIn); ok {
		t.signIn(tool)
	}
	if e.Action == pressShow {
		t.openWindow(ctx, t.ended)
	}
}

func (t *teller) openWindow(ctx context.Context, ended []session.Snapshot) {
	if err := t.window.prompt(ctx, ended); err != nil {
		t.grumble(err.Error())
	}
}

// notify shows a note under key, or holds it back while nobody could see it. A
// desktop without a notification server has the icon and the window, and so has
// a person who wants none.
func (t *teller) notify(ctx context.Context, key string, n notify.Note) {
	if t.quiet {
		return
	}
	if t.locked {
		t.held[key] = n
		return
	}
	if t.notes == nil {
		notes, err := notify.Open(ctx)
		if err != nil {
			return
		}
		t.notes = notes
	}
	t.keys[key] = true
	_ = t.notes.Show(ctx, key, n)
}

// hush takes over whether notifications are wanted. What is on the screen when
// they no longer are goes away.
func (t *teller) hush(ctx context.Context, quiet bool) {
	if t.quiet = quiet; !quiet {
		return
	}
	clear(t.held)
	for key := range t.keys {
		t.dismiss(ctx, key)
	}
	clear(t.keys)
}

// release shows what was held back.
func (t *teller) release(ctx context.Context) {
	for key, n := range t.held {
		t.notify(ctx, key, n)
	}
	clear(t.held)
	for _, show := range t.seen {
		show(ctx)
	}
	t.seen = nil
}

// whenSeen runs show as soon as the screen is not locked. Only the loop calls
// it.
func (t *teller) whenSeen(ctx context.Context, show func(context.Context)) {
	if t.locked {
		t.seen = append(t.seen, show)
		return
	}
	show(ctx)
}

func (t *teller) dismiss(ctx context.Context, key string) {
	delete(t.held, key)
	if t.notes != nil {
		_ = t.notes.Dismiss(ctx, key)
	}
}

// showing reports whether key's notification is on the screen still.
func (t *teller) showing(key string) bool { return t.notes != nil && t.notes.Showing(key) }

func (t *teller) grumble(text string) { _, _ = fmt.Fprintln(t.err, "keyfob: "+text) }

// close takes everything off the screen at the end.
func (t *teller) close() {
	t.window.close()
	t.main.close()
	if t.notes != nil {
		t.notes.Close()
	}
}

// job runs f in the loop.
func (t *teller) job(ctx context.Context, f func(ctx context.Context)) error {
	select {
	case t.jobs <- f:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// followSleep tells the sessions when the machine wakes, until ctx ends.
func followSleep(ctx context.Context, m *session.Manager) {
	wakes := 0
	for p := range presence.Watch(ctx) {
		if p.Wakes > wakes {
			wakes = p.Wakes
			_ = m.Wake(ctx)
		}
	}
}
