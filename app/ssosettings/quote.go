package ssosettings

import (
	"bytes"
	"encoding/json"
	"strings"

	"keyfob/app/setup/form"
)

// curly are the quotes that a word processor makes of a straight one.
var curly = [][]byte{[]byte("“"), []byte("”"), []byte("„"), []byte("‟"), []byte("″")}

// quoteAt returns the length of the quote at the start of b, or 0.
func quoteAt(b []byte) int {
	if len(b) > 0 && b[0] == '"' {
		return 1
	}
	for _, q := range curly {
		if bytes.HasPrefix(b, q) {
			return len(q)
		}
	}
	return 0
}

// opens returns the length of the opening quote here, or 0. Only a straight one
// is JSON.
func (p *parser) opens() int {
	n := quoteAt(p.data[p.pos:])
	if n > 1 && !p.lenient {
		return 0
	}
	return n
}

// text reads a text with its quotes, and returns it if it is wanted; otherwise
// no copy of it is made. A text ends on its line.
func (p *parser) text(wanted bool) (string, error) {
	start := p.pos
	open := p.opens()
	if open > 1 {
		p.slip(start, form.SlipCurlyQuotes)
	}
	from := start + open
	end, closing := p.closing(from, open > 1)
	if closing == 0 {
		return "", p.fail(start, "a text begins here and has no closing quote on its line")
	}
	p.pos = end + closing
	if !wanted {
		return "", nil
	}
	raw := p.data[from:end]
	var s string
	if json.Unmarshal(append(append([]byte{'"'}, raw...), '"'), &s) == nil {
		return s, nil
	}
	p.slip(start, form.SlipEscape)
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, `/`).Replace(string(raw)), nil
}

// closing finds the quote that ends the text at from, and its length. A text
// that a curly quote opened ends at any quote; one that a straight quote opened
// ends at a curly one only where a text can end.
func (p *parser) closing(from int, anyQuote bool) (end, length int) {
	escaped := -1 // the last quote behind a backslash
	for i := from; i < len(p.data); i++ {
		rest := p.data[i:]
		switch c := rest[0]; {
		case c == '\n':
			// As in "C:\folder\": the backslash was meant as one.
			if p.lenient && escaped >= 0 && endsText(p.data[escaped+1:]) {
				p.slip(escaped, form.SlipBackslashQuote)
				return escaped, 1
			}
			return 0, 0
		case c == '\\':
			if i++; i < len(p.data) && p.data[i] == '"' {
				escaped = i
			}
			if i < len(p.data) && p.data[i] == '\n' {
				i--
			}
		case c == '"':
			return i, 1
		case p.lenient:
			if n := quoteAt(rest); n > 0 && (anyQuote || endsText(rest[n:])) {
				p.slip(i, form.SlipCurlyQuotes)
				return i, n
			}
		}
	}
	return 0, 0
}

// endsText reports whether what follows a quote can follow a text.
func endsText(b []byte) bool {
	b = bytes.TrimLeft(b, " \t\r")
	return len(b) == 0 || strings.IndexByte(":,}]\n", b[0]) >= 0
}
