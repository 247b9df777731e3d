// Package prompts decides when a person is told that a session ends or has
// ended, and when what was told is out of date.
//
// It compares snapshots with what was shown, so that nothing is told twice and
// nothing is lost when changes come in a burst. It must never decide whether a
// session has ended: the snapshot says so.
package prompts

import (
	"time"

	"keyfob/auth/session"
)

// Notes is what to tell after a change.
type Notes struct {
	Remind []session.Snapshot // access ends soon
	Prompt []session.Snapshot // access has ended: ask to sign in again
	Clear  []string           // tools of which nothing need be shown any more
}

// Shown remembers what a person was told. The zero value is ready to use; it
// belongs to one goroutine.
type Shown struct {
	tools map[string]shown
}

type shown struct {
	set      string    // the sign-in that it was about
	reminder time.Time // the last reminder
	prompted bool
	visible  bool // a notification or window may be on the screen
}

// Update compares all sessions with what was shown and returns what is new.
// Each sign-in is reminded of at each lead time and prompted for once.
func (s *Shown) Update(all []session.Snapshot) Notes {
	var n Notes
	now := make(map[string]shown, len(all))
	for _, snap := range all {
		was := s.tools[snap.Tool]
		if was.set != snap.Set && snap.Set != "" {
			was = shown{set: snap.Set, visible: was.visible}
		}
		switch snap.State {
		case session.Expiring:
			if snap.Reminder.After(was.reminder) {
				was.reminder, was.visible = snap.Reminder, true
				n.Remind = append(n.Remind, snap)
			}
		case session.Expired:
			if !was.prompted {
				was.prompted, was.visible = true, true
				n.Prompt = append(n.Prompt, snap)
			}
		default:
			if was.visible {
				was.visible = false
				n.Clear = append(n.Clear, snap.Tool)
			}
		}
		now[snap.Tool] = was
	}
	for tool, was := range s.tools {
		if _, still := now[tool]; !still && was.visible {
			n.Clear = append(n.Clear, tool)
		}
	}
	s.tools = now
	return n
}
