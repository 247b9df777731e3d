package window

import (
	"maps"
	"slices"
	"strings"
	"time"

	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/wording"
)

// The preferences, as the page names them to itself.
const (
	setReminders     = "reminders"
	setClearAfter    = "clear_after"
	setNotifications = "notifications"
	setAutostart     = "autostart"
	setFile          = "file"
)

// settingsState is what is known while a person looks at the settings.
type settingsState struct {
	now     *form.Preferences       // nil until the engine said
	problem *auth.Error             // why it did not
	typed   *string                 // reminders that are typed and not saved; nil while there are none
	results map[string]changeResult // what became of the last change, by preference
}

// changeResult is what became of a change.
type changeResult struct {
	Saved bool
	Wrong string // why it was refused, a sentence
}

// settingsModel is the page in words.
type settingsModel struct {
	Wrong         string // why nothing can be changed
	Off           bool   // nothing can be changed
	Reminders     string // as typed
	RemindersAre  string // a sentence
	Clear         []string
	ClearAt       int // of Clear
	Notifications bool
	Autostart     bool
	NoAutostart   string // why it cannot be chosen, or what is wrong with it, a sentence
	LoginOff      bool   // it cannot be chosen
	File          string
	Results       map[string]changeResult
}

// Equal reports whether two pages show the same.
func (m settingsModel) Equal(o settingsModel) bool {
	return m.Wrong == o.Wrong && m.Off == o.Off && m.Reminders == o.Reminders && m.RemindersAre == o.RemindersAre &&
		slices.Equal(m.Clear, o.Clear) && m.ClearAt == o.ClearAt && m.Notifications == o.Notifications &&
		m.Autostart == o.Autostart && m.NoAutostart == o.NoAutostart && m.LoginOff == o.LoginOff && m.File == o.File &&
		maps.Equal(m.Results, o.Results)
}

// clearTimes are the times that are offered for the clipboard; 0 is never.
func clearTimes(is time.Duration) []time.Duration {
	all := []time.Duration{15 * time.Second, 45 * time.Second, 2 * time.Minute, 10 * time.Minute, 0}
	if !slices.Contains(all, is) {
		all = append([]time.Duration{is}, all...)
		slices.SortFunc(all, func(a, b time.Duration) int {
			if (a == 0) != (b == 0) { // never comes last
				return int(b - a)
			}
			return int(a - b)
		})
	}
	return all
}

func settingsView(s *settingsState) settingsModel {
	m := settingsModel{Results: maps.Clone(s.results), Off: true, LoginOff: s.now == nil}
	if s.problem != nil {
		m.Wrong = wording.Explain(s.problem)
	}
	if s.now == nil {
		return m
	}
	p := s.now
	m.File, m.Notifications, m.Autostart = p.File, p.Notifications, p.Autostart
	switch {
	case p.NoAutostart != "":
		m.NoAutostart, m.LoginOff = wording.Sentence(p.NoAutostart), true
	case p.Autostart && p.AutostartNote != "":
		m.NoAutostart = wording.Sentence(p.AutostartNote)
	}
	if p.Problem != nil {
		m.Wrong = "Nothing can be changed here until the settings file is fixed. " + strings.TrimSpace(
			wording.Sentence(p.Problem.What)+" "+wording.Sentence(p.Problem.Do),
		)
	} else {
		m.Off = s.problem != nil
	}
	m.Reminders = spanText(p.Reminders)
	m.RemindersAre = remindersAre(p.Reminders)
	if s.typed != nil {
		m.Reminders = *s.typed
		if m.RemindersAre = "Enter saves this."; s.results[setReminders].Wrong != "" {
			m.RemindersAre = ""
		}
	}
	for i, d := range clearTimes(p.ClearAfter) {
		word := "Never"
		if d > 0 {
			word = "After " + wording.SpanInFull(d)
		}
		m.Clear = append(m.Clear, word)
		if d == p.ClearAfter {
			m.ClearAt = i
		}
	}
	return m
}

// remindersAre says when a person is reminded, a sentence.
func remindersAre(all []time.Duration) string {
	if len(all) == 0 {
		return "Nobody is reminded; when access has ended you are asked to sign in again."
	}
	var words []string
	for _, d := range all {
		words = append(words, wording.SpanInFull(d))
	}
	list := words[0]
	if n := len(words); n > 1 {
		list = strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return "You are reminded " + list + " ahead."
}
