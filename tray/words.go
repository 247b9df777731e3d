package tray

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

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
	if n := plain(s.Name, maxName); n != "" {
		return n
	}
	return plain(s.Tool, maxName)
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
		return sentence(s.Problem)
	case s.Renewal != nil && s.Renewal.Mode == session.Manual && s.Renewal.Reason != "":
		return plain("Not renewed by itself: "+s.Renewal.Reason, maxSentence)
	}
	return ""
}

// sentence is an error as a line for people. It begins with a capital, unless
// with the name of a file or a host.
func sentence(e *auth.Error) string {
	text := plain(e.Error(), maxSentence)
	word, _, _ := strings.Cut(text, " ")
	if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLower(r) }) {
		return text
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// plain makes text from outside fit into one line: no control and no
// direction characters, at most limit characters.
func plain(text string, limit int) string {
	text = strings.Join(strings.Fields(auth.Clean(text)), " ")
	if runes := []rune(text); len(runes) > limit {
		text = strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return text
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
