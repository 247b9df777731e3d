package auth

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unseen reports whether r has no place in text that a person reads: controls
// of both sets (which steer a terminal), line and paragraph separators, what
// turns the direction of writing, zero-width and other format characters,
// private and unassigned ones. A space is none of them, other white space is.
func Unseen(r rune) bool {
	return !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// Clean makes text from outside fit into one line of a terminal, menu, window,
// notification or error: white space and controls become spaces, what else
// [Unseen] names is left out, and bytes that are no UTF-8 become U+FFFD. It is
// the one cleaner of such text.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case Unseen(r):
			return -1
		}
		return r
	}, s) // which writes U+FFFD for what is no UTF-8
}

// CleanLines is [Clean] for a text of several lines, which keeps line ends and
// tabs.
func CleanLines(s string) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		for j, part := range strings.Split(line, "\t") {
			if j > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(Clean(part))
		}
	}
	return b.String()
}

// Line is [Clean] with single spaces, cut to at most limit characters: what a name
// or a stranger's words may take of a menu, a window or an error.
func Line(s string, limit int) string {
	s = strings.Join(strings.Fields(Clean(s)), " ")
	if r := []rune(s); len(r) > limit {
		s = strings.TrimSpace(string(r[:limit-1])) + "…"
	}
	return s
}

// ASCIIAddress writes an address so that it is safe to print and still leads to
// the same place: whatever is not printable ASCII is percent-encoded, in the
// host too, where browsers read it the same.
func ASCIIAddress(s string) string {
	const hex = "0123456789ABCDEF"
	plain := func(b byte) bool { return b > ' ' && b < utf8.RuneSelf && b != 0x7f }
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
