package desktop

import (
	"context"

	"keyfob/tray/notify"
)

// notices decides when a notification is shown, by what the person can see and
// wants to see. While the screen is locked it keeps the latest of each key for
// later, and shows nothing at all to a person who wants no notifications: icon
// and window do it then. It belongs to the screen's goroutine.
type notices struct {
	onScreen *notifications

	quiet    bool                    // the settings want no notifications
	locked   bool                    // the screen is
	waiting  map[string]notify.Note  // what came while it was locked, by key
	shown    map[string]bool         // every key that was ever shown
	unlocked []func(context.Context) // what else waits for somebody to see it
}

func newNotices(onScreen *notifications, quiet bool) *notices {
	return &notices{onScreen: onScreen, quiet: quiet, locked: true, waiting: map[string]notify.Note{}, shown: map[string]bool{}}
}

// show has n on the screen under key, in place of what was there.
func (n *notices) show(key string, note notify.Note) {
	switch {
	case n.quiet:
	case n.locked:
		n.waiting[key] = note
	default:
		n.shown[key] = true
		n.onScreen.show(key, note)
	}
}

// dismiss has nothing under key.
func (n *notices) dismiss(key string) {
	delete(n.waiting, key)
	n.onScreen.dismiss(key)
}

// setQuiet takes over whether the person wants no notifications. What is on the
// screen then goes away.
func (n *notices) setQuiet(quiet bool) {
	if n.quiet = quiet; !quiet {
		return
	}
	clear(n.waiting)
	for key := range n.shown {
		n.dismiss(key)
	}
	clear(n.shown)
}

func (n *notices) lock() { n.locked = true }

// unlock shows what was kept for later.
func (n *notices) unlock(ctx context.Context) {
	n.locked = false
	for key, note := range n.waiting {
		n.show(key, note)
	}
	clear(n.waiting)
	for _, f := range n.unlocked {
		f(ctx)
	}
	n.unlocked = nil
}

// whenUnlocked runs f as soon as the screen is not locked.
func (n *notices) whenUnlocked(ctx context.Context, f func(context.Context)) {
	if n.locked {
		n.unlocked = append(n.unlocked, f)
		return
	}
	f(ctx)
}
