package parse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"keyfob/auth"
	"keyfob/auth/inspect"
)

const (
	maxName  = 80  // characters of a claim's name
	maxValue = 600 // characters of its value
	maxDepth = 8   // of what is nested in a value
)

// hidden stands where a secret was.
const hidden = "(hidden)"

// claim turns a member into text.
func (r *reader) claim(m member) inspect.Claim {
	c := inspect.Claim{Name: hidden}
	if !r.secret(m.name) {
		c.Name, _ = shorten(visible(m.name), maxName)
	}
	raw := bytes.TrimSpace(m.raw)
	if r.secretName(m.name) && hasText(raw) {
		c.Value, c.Hidden = hidden, true
		return c
	}
	if len(raw) > 0 && raw[0] == '[' {
		c.Value, c.Cut, c.Hidden = r.list(raw)
		return c
	}
	if text, ok := scalar(raw); ok {
		if r.secret(text) {
			c.Value, c.Hidden = hidden, true
			return c
		}
		c.Value, c.Cut = shorten(visible(text), maxValue)
		if c.Value == "" {
			c.Value = `""`
		}
		return c
	}
	c.Value, c.Cut, c.Hidden = r.nested(raw)
	return c
}

// hasText reports whether a value can hold a secret: true, false and null say
// nothing.
func hasText(raw []byte) bool {
	switch string(raw) {
	case "true", "false", "null", `""`, "[]", "{}":
		return false
	}
	return true
}

// scalar is a value that is neither a list nor an object, as text.
func scalar(raw []byte) (string, bool) {
	if len(raw) == 0 || raw[0] == '[' || raw[0] == '{' {
		return "", false
	}
	if raw[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return "", false
		}
		return s, true
	}
	return string(raw), true
}

// list joins the values of a list, or writes it as JSON when one of them is
// nested itself.
func (r *reader) list(raw []byte) (text string, cut, secret bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token()
	var out strings.Builder
	shown, left := 0, 0
	for d.More() {
		var one json.RawMessage
		if d.Decode(&one) != nil {
			break
		}
		s, ok := scalar(one)
		if !ok {
			return r.nested(raw)
		}
		if left > 0 {
			left++
			continue
		}
		if r.secret(s) {
			s, secret = hidden, true
		}
		s, short := shorten(visible(s), maxValue)
		if shown > 0 && utf8.RuneCountInString(out.String())+utf8.RuneCountInString(s) > maxValue {
			left++
			continue
		}
		cut = cut || short
		if shown > 0 {
			out.WriteString(", ")
		}
		out.WriteString(s)
		shown++
	}
	switch {
	case shown == 0:
		return "[]", false, false
	case left > 0:
		fmt.Fprintf(&out, " … and %d more", left)
	}
	return out.String(), cut || left > 0, secret
}

// nested writes an object, or a list of such, as JSON on one line.
func (r *reader) nested(raw []byte) (text string, cut, secret bool) {
	w := writer{reader: r, d: json.NewDecoder(bytes.NewReader(raw))}
	w.d.UseNumber()
	w.value(0, "")
	text, cut = shorten(w.out.String(), maxValue)
	return text, cut || w.cut, w.secret
}

// writer writes JSON again: without secrets, and no deeper or longer than
// anybody reads.
type writer struct {
	*reader
	d           *json.Decoder
	out         strings.Builder
	cut, secret bool
}

func (w *writer) value(depth int, name string) {
	if w.out.Len() > 4*maxValue {
		w.cut = true
		w.skip()
		return
	}
	if depth > maxDepth {
		w.cut = true
		w.out.WriteString("…")
		w.skip()
		return
	}
	t, err := w.d.Token()
	if err != nil {
		return
	}
	switch v := t.(type) {
	case json.Delim:
		w.inside(v, depth, name)
	case string:
		if w.secretName(name) && v != "" || w.secretMember(name, v) || w.reader.secret(v) {
			w.hide()
			return
		}
		w.quote(v)
	case json.Number:
		if w.secretName(name) || w.reader.secret(v.String()) {
			w.hide()
			return
		}
		w.out.WriteString(v.String())
	case bool:
		fmt.Fprint(&w.out, v)
	case nil:
		w.out.WriteString("null")
	}
}

// inside writes what stands between open and its end. What is in something
// with a secret's name is a secret too.
func (w *writer) inside(open json.Delim, depth int, name string) {
	if !w.secretName(name) {
		name = ""
	}
	w.out.WriteString(open.String())
	for first := true; w.d.More(); first = false {
		if !first {
			w.out.WriteString(",")
		}
		inner := name
		if open == '{' {
			key, err := w.d.Token()
			if err != nil {
				return
			}
			k, _ := key.(string)
			if w.reader.secret(k) {
				w.hide()
			} else {
				w.quote(k)
			}
			w.out.WriteString(":")
			if inner == "" {
				inner = k
			}
		}
		w.value(depth+1, inner)
		if w.out.Len() > 4*maxValue {
			w.cut = true
			return // nobody sees the rest
		}
	}
	if end, err := w.d.Token(); err == nil {
		fmt.Fprint(&w.out, end)
	}
}

func (w *writer) hide() {
	w.secret = true
	w.out.WriteString(`"` + hidden + `"`)
}

// quote writes text as JSON, with what cannot be seen written out.
func (w *writer) quote(s string) {
	if r := []rune(s); len(r) > maxValue {
		s, w.cut = string(r[:maxValue])+"…", true
	}
	s = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s)
	w.out.WriteString(`"` + visible(s) + `"`)
}

func (w *writer) skip() {
	var rest json.RawMessage
	_ = w.d.Decode(&rest)
}

// visible writes out what cannot be seen or would turn the direction of what
// follows, as JSON does.
func visible(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || auth.Unseen(r) }) {
		return s
	}
	var out strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsPrint(r) && !auth.Unseen(r):
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\t':
			out.WriteString(`\t`)
		case r > 0xFFFF:
			fmt.Fprintf(&out, `\U%08x`, r)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}

// shorten cuts s at limit characters, and reports whether it did.
func shorten(s string, limit int) (string, bool) {
	if utf8.RuneCountInString(s) <= limit {
		return s, false
	}
	return string([]rune(s)[:limit-1]) + "…", true
}
