// Package prompts decides when a person is told that a session ends or has
// ended, and when what was told is out of date.
//
// It compares snapshots with what was shown, so that nothing is told twice and
// nothing is lost when changes come in a burst, when the program restarts, or
// when nobody could look at the screen meanwhile. It must never decide whether
// a session has ended: the snapshot says so. What it keeps on disk names
// sign-ins, and holds no secret.
package prompts

import (
	"time"

	"keyfob/auth/session"
)

// Due is what to tell after a change.
type Due struct {
	Remind []session.Snapshot // access ends soon
	Prompt []session.Snapshot // access has ended: ask to sign in again
	Clear  []string           // tools of which nothing need be shown any more
}

// Shown remembers what a person was told. The zero value is ready to use; it
// belongs to one goroutine.
type Shown struct {
	tools map[string]shown
	saved map[string]told // as Save last wrote it, or Load read it
}

type shown struct {
	told
	visible bool // a notification or window may be on the screen
}

// told is what counts beyond a restart.
type told struct {
	Set   string        `json:"set"`            // the sign-in that it is about
	Ends  time.Time     `json:"ends,omitzero"`  // when access was to end, at the last reminder
	Lead  time.Duration `json:"lead,omitempty"` // the last reminder's, in nanoseconds
	Ended bool          `json:"ended,omitempty"`
}

// Update compares all sessions with what was shown and returns what is new.
// Each sign-in is reminded of at each lead time and prompted for once. Whoever
// cannot show anything for a while calls it afterwards: then it returns what
// is to be told by then, and nothing that is out of date.
func (s *Shown) Update(all []session.Snapshot) Due {
	var n Due
	now := make(map[string]shown, len(all))
	for _, snap := range all {
		was := s.tools[snap.Tool]
		if was.Set != snap.Set && snap.Set != "" {
			was = shown{told: told{Set: snap.Set}, visible: was.visible}
		}
		if lives(snap) {
			was.Ended = false // the clock had been wrong about its end
		}
		switch snap.State {
		case session.Expiring:
			if was.remind(snap) {
				was.visible = true
				n.Remind = append(n.Remind, snap)
			}
		case session.Expired:
			if !was.Ended && !snap.Service { // nobody signs in to a service account
				was.Ended, was.visible = true, true
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
		if _, still := now[tool]; still {
			continue
		}
		if was.visible {
			n.Clear = append(n.Clear, tool)
		}
		if len(all) == 0 { // settings that cannot be read, rather than none
			was.visible = false
			now[tool] = was
		}
	}
	s.tools = now
	return n
}

// lives reports whether access goes on for now and will end by itself, so that
// its end is still to be told.
func lives(s session.Snapshot) bool {
	return (s.State == session.Active || s.State == session.Expiring) && s.Renewal != nil && s.Renewal.Mode == session.Manual
}

// remind reports whether s has reached a lead time that was not told, and
// notes it. An end that was put off is reminded of anew. It goes by lead times
// and not by the clock, which may be set meanwhile.
func (t *told) remind(s session.Snapshot) bool {
	if s.Reminder.IsZero() {
		return false
	}
	lead := s.EndsAt.Sub(s.Reminder)
	if t.Lead != 0 && lead >= t.Lead && !s.EndsAt.After(t.Ends.Add(time.Second)) {
		return false
	}
	t.Lead, t.Ends = lead, s.EndsAt
	return true
}
