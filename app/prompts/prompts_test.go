package prompts_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/prompts"
	"keyfob/auth/session"
)

// TestUpdate follows one person's afternoon: each line is a change and what
// is told of it.
func TestUpdate(t *testing.T) {
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	snap := func(tool string, state session.State, set string, reminder int) session.Snapshot {
		s := session.Snapshot{Tool: tool, State: state, Set: set}
		if reminder > 0 {
			s.Reminder, s.EndsAt = noon.Add(time.Duration(reminder)*time.Minute), noon.Add(time.Hour)
		}
		return s
	}
	a := func(state session.State, set string, reminder int) []session.Snapshot {
		return []session.Snapshot{snap("a", state, set, reminder)}
	}
	var shown prompts.Shown
	for i, tt := range []struct {
		what string
		all  []session.Snapshot
		want string
	}{
		{"signed in", a(session.Active, "1", 0), ""},
		{"first lead time", a(session.Expiring, "1", 45), "remind a"},
		{"another change", a(session.Expiring, "1", 45), ""},
		{"second lead time", a(session.Expiring, "1", 55), "remind a"},
		{"the end", a(session.Expired, "1", 0), "prompt a"},
		{"a minute later", a(session.Expired, "1", 0), ""},
		{"in the browser: what was shown goes away", a(session.SigningIn, "1", 0), "clear a"},
		{"cancelled: not prompted twice", a(session.Expired, "1", 0), ""},
		{"signed in again", a(session.Active, "2", 0), ""},
		{"the second session ends while the machine sleeps", a(session.Expired, "2", 0), "prompt a"},
		{"signed in from elsewhere", a(session.Active, "3", 0), "clear a"},
		{
			"two end at once",
			[]session.Snapshot{snap("a", session.Expired, "3", 0), snap("b", session.Expired, "1", 0)},
			"prompt a, prompt b",
		},
		{"signed out", []session.Snapshot{snap("a", session.SignedOut, "", 0), snap("b", session.Expired, "1", 0)}, "clear a"},
		{"the tool is gone from the settings", nil, "clear b"},
		{"the keychain is locked", a(session.Unavailable, "", 0), ""},
	} {
		if got := words(shown.Update(tt.all)); got != tt.want {
			t.Errorf("%d, %s: told %q, want %q", i, tt.what, got, tt.want)
		}
	}
}

// words are what is due as a line.
func words(n prompts.Due) string {
	var all []string
	for _, s := range n.Remind {
		all = append(all, "remind "+s.Tool)
	}
	for _, s := range n.Prompt {
		all = append(all, "prompt "+s.Tool)
	}
	slices.Sort(n.Clear)
	for _, tool := range n.Clear {
		all = append(all, "clear "+tool)
	}
	return strings.Join(all, ", ")
}
