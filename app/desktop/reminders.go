package desktop

import (
	"context"
	"slices"
	"time"

	"keyfob/app/prompts"
	"keyfob/auth/session"
)

// endedKey is the one notification of all sessions that have ended. Every
// other has its tool's ID in its key.
const endedKey = "/ended"

// reminders tells the person that sessions end soon or have ended, once each,
// also over restarts. It belongs to the screen's goroutine.
type reminders struct {
	notices *notices
	windows *windows
	now     func() time.Time
	log     func(text string)
	file    string // remembers what was told; empty for nowhere

	told    *prompts.Shown
	ended   []session.Snapshot // of which the notification with endedKey tells
	unsaved bool               // what was told could not be remembered, which was said
}

// update shows what is new in all and takes away what is out of date. It is noted
// first: a program that crashes over it must not tell it again and again.
func (r *reminders) update(ctx context.Context, all []session.Snapshot) {
	n := r.told.Update(all)
	if r.file != "" {
		err := r.told.Save(ctx, r.file)
		if err != nil && !r.unsaved {
			r.log("what was told cannot be remembered, and may be told once more after the next start: " + err.Error())
		}
		r.unsaved = err != nil
	}
	for _, tool := range n.Clear {
		r.clear(tool)
	}
	for _, s := range n.Remind {
		r.notices.show(s.Tool, reminderNote(s, r.now()))
	}
	if len(n.Prompt) == 0 {
		return
	}
	if !r.notices.onScreen.showing(endedKey) {
		r.ended = nil
	}
	for _, s := range n.Prompt {
		r.notices.dismiss(s.Tool) // the reminder
		r.ended = append(without(r.ended, s.Tool), s)
	}
	r.notices.show(endedKey, endedNote(r.ended, r.now()))
	r.windows.askToSignIn(ctx, n.Prompt)
}

// clear takes away what is shown of a tool.
func (r *reminders) clear(tool string) {
	r.notices.dismiss(tool)
	rest := without(r.ended, tool)
	if len(rest) == len(r.ended) {
		return
	}
	r.ended = rest
	switch {
	case len(rest) == 0:
		r.notices.dismiss(endedKey)
	case r.notices.onScreen.showing(endedKey):
		r.notices.show(endedKey, endedNote(rest, r.now()))
	}
}

// putOff takes away what was shown of a tool, since the person wants to sign in
// later. The icon still tells.
func (r *reminders) putOff(tool string) {
	r.notices.dismiss(tool)
	if len(without(r.ended, tool)) < len(r.ended) {
		r.ended = nil
		r.notices.dismiss(endedKey)
	}
}

func without(all []session.Snapshot, tool string) []session.Snapshot {
	return slices.DeleteFunc(slices.Clone(all), func(s session.Snapshot) bool { return s.Tool == tool })
}
