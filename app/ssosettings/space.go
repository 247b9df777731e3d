package ssosettings

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"keyfob/app/setup/form"
)

// space passes over white space, comments, and the dots that a sample has where
// something was left out.
func (p *parser) space() error {
	for p.pos < len(p.data) {
		rest := p.data[p.pos:]
		switch {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			p.pos++
		case bytes.HasPrefix(rest, []byte("\u00a0")), bytes.HasPrefix(rest, []byte("\ufeff")):
			_, n := utf8.DecodeRune(rest)
			p.pos += n
		case bytes.HasPrefix(rest, []byte("//")):
			p.slip(p.pos, form.SlipComment)
			n := bytes.IndexByte(rest, '\n')
			if n < 0 {
				n = len(rest)
			}
			p.pos += n
		case bytes.HasPrefix(rest, []byte("/*")):
			n := bytes.Index(rest, []byte("*/"))
			if n < 0 {
				return p.fail(p.pos, "a comment begins here and does not end")
			}
			p.slip(p.pos, form.SlipComment)
			p.pos += n + 2
		case bytes.HasPrefix(rest, []byte("...")), bytes.HasPrefix(rest, []byte("…")):
			p.slip(p.pos, form.SlipDots)
			p.pos += len(rest) - len(bytes.TrimLeft(rest, ".…"))
		default:
			return nil
		}
	}
	return nil
}
