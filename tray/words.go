package tray

import (
	"strconv"
	"strings"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// Longest texts, in characters: a menu cannot wrap its lines.
const (
	maxName     = 48
	maxSentence = 120
)

// name is what a tool is called.
func name(s session.Snapshot) string {
	if n := auth.Line(s.Name, maxName); n != "" {
		return n
	}
	return auth.Line(s.Tool, maxName)
}

// count is the one tool's name and what to say of it, or how many there are.
func count(of []session.Snapshot, one, many string) string {
	if len(of) == 1 {
		return name(of[0]) + one
	}
	return number(len(of)) + many
}

func number(n int) string { return strconv.Itoa(n) }

// about is the one line that explains a session: its problem and what to do,
// or why it will not renew itself. Empty when there is nothing to explain.
func about(s session.Snapshot) string {
	switch {
	case wording.Short(s.Problem) != "":
		return wording.Headline(s.Problem, maxSentence)
	case s.Renewal != nil && s.Renewal.Mode == session.Manual && s.Renewal.Reason != "":
		return auth.Line("Not renewed by itself: "+s.Renewal.Reason, maxSentence)
	}
	return ""
}

// mark is e's label with sign before the letter that chooses it, and each sign
// of the label's own doubled.
func mark(e Entry, sign string) string {
	double := func(s string) string { return strings.ReplaceAll(s, sign, sign+sign) }
	at := strings.IndexRune(e.Label, e.Key)
	if e.Key == 0 || at < 0 {
		return double(e.Label)
	}
	return double(e.Label[:at]) + sign + double(e.Label[at:])
}
