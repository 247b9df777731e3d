package tray

import (
	"cmp"
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// maxTools is how many tools the menu holds. A longer one cannot be taken in
// at a glance, and not on every screen.
const maxTools = 12

// The IDs of the line above the tools.
const (
	idProblem = "problem"
	idNone    = "none"
)

// View decides what the tray shows for the sessions at now. It is pure.
func View(snaps []session.Snapshot, now time.Time, o Options) Menu {
	shown := shortlist(snaps)
	m := Menu{Title: "Keyfob", Next: next(shown, now)}
	m.Icon, m.Tooltip = summary(snaps, now, o)
	m.Entries = note(len(snaps) == 0, o)
	memory := ""
	for _, s := range snaps {
		if s.Store == session.StoreMemory {
			memory = whyMemory(s)
			break
		}
	}
	for _, s := range shown {
		m.Entries = append(m.Entries, toolEntry(s, now))
	}
	more := len(snaps) - len(shown)
	m.Entries = append(
		m.Entries,
		Entry{ID: "more", Label: moreLabel(more), Key: 'm', Enabled: true, Action: DoShow, Hidden: more == 0},
		Entry{ID: "separator", Separator: true},
		Entry{ID: "memory", Label: "Tokens are kept in memory only: " + memory, Hidden: memory == ""},
		Entry{ID: "window", Label: noWindow(o.Window), Hidden: o.Window == nil},
		Entry{ID: "update", Label: o.Update, Hidden: o.Update == ""},
		Entry{ID: "show", Label: "Show Keyfob…", Key: 'K', Enabled: true, Action: DoShow},
		Entry{ID: "settings", Label: "Open settings file", Key: 'f', Enabled: true, Action: DoOpenSettings},
		Entry{ID: "quit", Label: "Quit", Key: 'Q', Enabled: true, Action: DoQuit},
	)
	return m
}

// shortlist is the tools that the menu holds, in its order: those that need a
// person first, all else as in the settings. Where there are too many, those
// are left out that nobody uses just now.
func shortlist(snaps []session.Snapshot) []session.Snapshot {
	type place struct {
		session.Snapshot
		index int
	}
	var all []place
	for i, s := range snaps {
		all = append(all, place{s, i})
	}
	by := func(rank func(session.Snapshot) int) {
		slices.SortFunc(all, func(a, b place) int {
			return cmp.Or(rank(a.Snapshot)-rank(b.Snapshot), a.index-b.index)
		})
	}
	if len(all) > maxTools {
		by(func(s session.Snapshot) int { return 2*s.Urgency() + idle(s) })
		all = all[:maxTools]
	}
	by(session.Snapshot.Urgency)
	var out []session.Snapshot
	for _, p := range all {
		out = append(out, p.Snapshot)
	}
	return out
}

// idle is 0 for a session that can be used, and 1 for any other.
func idle(s session.Snapshot) int {
	if s.State == session.Active {
		return 0
	}
	return 1
}

func moreLabel(n int) string {
	if n == 1 {
		return "One more tool…"
	}
	return number(n) + " more tools…"
}

// whyMemory is what keeps a session's tokens out of the keychain.
func whyMemory(s session.Snapshot) string {
	if p := s.Problem; p != nil && p.Kind == auth.KindKeychain {
		return wording.Short(p)
	}
	return "no keychain"
}

// noWindow says why no window opens, and what to do without one.
func noWindow(why *auth.Error) string {
	if why == nil {
		return ""
	}
	return wording.Headline(why, maxSentence)
}

// note is the line above the tools: it stands in for them where there are
// none, and says what is wrong with the settings as a whole.
func note(empty bool, o Options) []Entry {
	switch {
	case o.Problem != nil:
		return []Entry{{ID: idProblem, Label: wording.Headline(o.Problem, maxSentence), Enabled: true, Action: DoOpenSettings}}
	case len(o.Ignored) > 0:
		return []Entry{{ID: idProblem, Label: wording.Headline(o.Ignored[0], maxSentence), Enabled: true, Action: DoOpenSettings}}
	case empty:
		return []Entry{{ID: idNone, Label: "No tools yet: add one…", Key: 'a', Enabled: true, Action: DoAdd}}
	}
	return nil
}
