package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"keyfob/auth"
)

// maxSentence is the longest text of an error or a reason, in characters.
const maxSentence = 400

// Explain says in sentences what happened and what to do, and names who must
// act when it is not the person who reads it.
func Explain(e *auth.Error) string {
	do := e.Advice()
	if do != "" && e.Who == auth.WhoSetup {
		do = "for whoever set up this tool: " + do
	}
	return strings.TrimSpace(Sentence(e.What) + " " + Sentence(do))
}

// Details is an error with all that helps, in at most two lines.
func Details(e *auth.Error) string {
	return strings.TrimSpace(auth.Clean(e.Error()) + "\n" + auth.Clean(e.Note()))
}

// Headline is an error in one line of at most limit characters. It begins with a
// capital, unless with the name of a file or a host.
func Headline(e *auth.Error, limit int) string {
	return Begin(auth.Line(e.Error(), limit))
}

// Begin begins a text of its own with a capital, unless with the name of a file or
// a host.
func Begin(text string) string {
	word := text
	if end := strings.IndexFunc(text, unicode.IsSpace); end >= 0 {
		word = text[:end]
	}
	if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLower(r) }) {
		return text
	}
	return Capital(text)
}

// Sentence makes a sentence of words from anywhere that begin in lower case and
// end without a period.
func Sentence(s string) string {
	if s = auth.Line(s, maxSentence); s == "" {
		return ""
	}
	return Capital(Period(s))
}

// Capital begins s with a capital.
func Capital(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// Period ends s with a period unless it ends like a sentence already.
func Period(s string) string {
	if last, _ := utf8.DecodeLastRuneInString(s); strings.ContainsRune(".!?…", last) {
		return s
	}
	return s + "."
}
