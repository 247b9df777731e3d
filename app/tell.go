package app

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/prompts"
	"keyfob/auth/engine"
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
	manager *engine.Manager
	now     func() time.Time
	err     io.Writer         // for what has no other place
	file    string            // remembers what was told; empty for nowhere
	signIn  func(tool string) // what a button does; returns at once
	window  windowProcess     // the prompt
	main    windowProcess     // what a person opened
	jobs    chan func(ctx context.Context)
	hidden  func() // called when the screen is locked; returns at once
	board   *board // of notifications

	shown  *prompts.Shown
	ended  []session.Snapshot      // of which the notification with endedKey tells
	locked bool                    //
	quiet  bool                    // the settings want no notifications: icon and window do it
	held   map[string]notify.Note  // what came while it was locked
	keys   map[string]bool         // whatever was shown, by key
	failed map[string]failure      // what the notifications of errors tell of, by tool
	seen   []func(context.Context) // what waits for somebody to see it
	noIcon bool                    // nothing shows the icon, of which the person was told
	unsaid bool                    // that what was told cannot be remembered was said, and has not changed
}

// loop tells what changed, and takes what the person presses, until ctx ends.
func (t *teller) loop(ctx context.Context) {
	t.shown, t.held, t.keys, t.locked = prompts.Load(t.file), map[string]notify.Note{}, map[string]bool{}, true
	t.failed = map[string]failure{}
	var aside sync.WaitGroup
	defer aside.Wait()
	life, end := context.WithCancel(ctx)
	aside.Go(func() { t.board.run(life) })
	watch, desktop := t.manager.Watch(ctx), presence.Watch(life)
	defer func(desktop <-chan presence.State) {
		for range desktop { // until it has ended
		}
	}(desktop)
	defer end()
	var (
		all   []session.Snapshot
		fresh bool // all is not told yet
		wakes int
	)
	for {
		select {
		case now, ok := <-watch:
			if !ok {
				t.close()
				return
			}
			all, fresh = now, true
			t.outdate(all)
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
		case e := <-t.board.events:
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
		err := t.shown.Save(ctx, t.file)
		if err != nil && !t.unsaid {
			t.grumble("what was told cannot be remembered, and may be told once more after the next start: " + err.Error())
		}
		t.unsaid = err != nil
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
		t.dismiss(s.Tool) // the reminder
		t.ended = append(without(t.ended, s.Tool), s)
	}
	t.notify(ctx, endedKey, endedNote(t.ended, t.now()))
	t.openWindow(ctx, n.Prompt)
}

// clear takes away what is shown of a tool.
func (t *teller) clear(ctx context.Context, tool string) {
	t.dismiss(tool)
	rest := without(t.ended, tool)
	if len(rest) == len(t.ended) {
		return
	}
	t.ended = rest
	switch {
	case len(rest) == 0:
		t.dismiss(endedKey)
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
	t.dismiss(tool)
	if len(without(t.ended, tool)) < len(t.ended) {
		t.ended = nil
		t.dismiss(endedKey)
	}
}

// press does what a notification's button says.
func (t *teller) press(ctx context.Context, e notify.Event) {
	if tool, ok := strings.CutPrefix(e.Action, pressSignIn); ok {
		t.signIn(tool)
	}
	switch e.Action {
	case pressShow:
		t.openWindow(ctx, t.ended)
	case notify.Default: // of what has no button
		t.openPage(ctx, agent.PageTools)
	}
}

func (t *teller) openPage(ctx context.Context, key string) {
	if err := t.main.page(ctx, key); err != nil {
		t.grumble(err.Error())
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
func (t *teller) notify(_ context.Context, key string, n notify.Note) {
	if t.quiet {
		return
	}
	if t.locked {
		t.held[key] = n
		return
	}
	t.keys[key] = true
	t.board.show(key, n)
}

// hush takes over whether notifications are wanted. What is on the screen when
// they no longer are goes away.
func (t *teller) hush(ctx context.Context, quiet bool) {
	if t.quiet = quiet; !quiet {
		return
	}
	clear(t.held)
	for key := range t.keys {
		t.dismiss(key)
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

func (t *teller) dismiss(key string) {
	delete(t.held, key)
	t.board.dismiss(key)
}

// showing reports whether key's notification is on the screen still.
func (t *teller) showing(key string) bool { return t.board.showing(key) }

func (t *teller) grumble(text string) { _ = cli.Say(t.err, "keyfob: "+text) }

// close takes the windows off the screen at the end, as the board does with what
// is on it.
func (t *teller) close() {
	t.window.close()
	t.main.close()
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
func followSleep(ctx context.Context, m *engine.Manager) {
	wakes := 0
	for p := range presence.Watch(ctx) {
		if p.Wakes > wakes {
			wakes = p.Wakes
			_ = m.Wake(ctx)
		}
	}
}
