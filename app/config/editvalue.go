package config

import (
	"bytes"
	"slices"
	"strings"
	"time"
)

// valueAt finds the value of the key at offset, in a file that is known to be
// TOML: text on one line, a list of such, or a word. from is -1 for any other.
func valueAt(data []byte, offset int) (from, to int) {
	from = bytes.IndexByte(data[offset:], '=')
	if from < 0 {
		return -1, -1
	}
	from += offset + 1
	for from < len(data) && (data[from] == ' ' || data[from] == '\t') {
		from++
	}
	if from == len(data) {
		return -1, -1
	}
	length := -1
	switch c := data[from]; c {
	case '"', '\'':
		length = textEnd(data[from:])
	case '[':
		if l, ok := parseList(data[from:]); ok {
			length = l.end
		}
	default:
		length = bytes.IndexFunc(data[from:], func(r rune) bool { return r < 'a' || r > 'z' })
		if length < 0 {
			length = len(data) - from
		}
	}
	if length <= 0 {
		return -1, -1
	}
	return from, from + length
}

// list is a TOML list of texts with the place of each.
type list struct {
	items   []item
	end     int  // behind the closing bracket
	oneLine bool // there is neither a line end nor a comment in it
}

// item is one text of a list: from its first quote to behind its last, and to
// behind the comma that follows, if one does.
type item struct{ from, to, comma int }

// parseList reads the list at the start of data. Other values than texts are
// not understood.
func parseList(data []byte) (list, bool) {
	l := list{oneLine: true}
	for i := 1; i < len(data); i++ {
		switch c := data[i]; c {
		case ']':
			l.end = i + 1
			return l, true
		case '"', '\'':
			n := textEnd(data[i:])
			if n < 0 {
				return l, false
			}
			l.items = append(l.items, item{from: i, to: i + n})
			i += n - 1
		case ',':
			if len(l.items) > 0 {
				l.items[len(l.items)-1].comma = i + 1
			}
		case '#':
			l.oneLine = false
			n := bytes.IndexByte(data[i:], '\n')
			if n < 0 {
				return l, false
			}
			i += n
		case '\n':
			l.oneLine = false
		case ' ', '\t', '\r':
		default:
			return l, false
		}
	}
	return l, false
}

// withSpans returns the list of time spans old so that it holds those of want,
// which are the longest first. What stays keeps its spelling, and in a list of
// several lines its place, layout and comments. ok is false for a list that is
// not understood.
func withSpans(old []byte, want []time.Duration) (data []byte, ok bool) {
	l, ok := parseList(old)
	if !ok || l.end != len(old) {
		return nil, false
	}
	var spans []time.Duration
	for _, it := range l.items {
		d, err := time.ParseDuration(string(old[it.from+1 : it.to-1]))
		if err != nil {
			return nil, false
		}
		spans = append(spans, d)
	}
	if l.oneLine {
		return oneLine(old, l, spans, want), true
	}
	// From the end, so that the places before stay right.
	data = slices.Clone(old)
	for i, it := range slices.Backward(l.items) {
		if !slices.Contains(want, spans[i]) || slices.Contains(spans[:i], spans[i]) {
			data = dropItem(data, it)
		}
	}
	for _, d := range want {
		if !slices.Contains(spans, d) {
			data = insertSpan(data, d)
		}
	}
	return data, true
}

// oneLine writes a list on one line anew, with the spaces that it had at its
// ends.
func oneLine(old []byte, l list, spans, want []time.Duration) []byte {
	if len(want) == 0 || len(l.items) == 0 {
		return []byte(spanList(want))
	}
	last := l.items[len(l.items)-1]
	out := slices.Clone(old[:l.items[0].from])
	for i, d := range want {
		if i > 0 {
			out = append(out, ", "...)
		}
		if j := slices.Index(spans, d); j >= 0 {
			out = append(out, old[l.items[j].from:l.items[j].to]...)
		} else {
			out = append(out, quoted(d)...)
		}
	}
	return append(out, old[last.to:]...)
}

// spanList writes a list of time spans.
func spanList(spans []time.Duration) string {
	texts := make([]string, 0, len(spans))
	for _, d := range spans {
		texts = append(texts, quoted(d))
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// dropItem takes an item out of a list, with its line and the comment behind it
// when nothing else stands there.
func dropItem(data []byte, it item) []byte {
	from, to := it.from, max(it.to, it.comma)
	start := bytes.LastIndexByte(data[:from], '\n') + 1
	end := bytes.IndexByte(data[to:], '\n')
	if end >= 0 && start > 0 && blank(data[start:from]) {
		if rest := data[to : to+end]; blank(rest) || comment(rest) {
			return slices.Delete(data, start, to+end+1)
		}
	}
	for to < len(data) && (data[to] == ' ' || data[to] == '\t') {
		to++
	}
	return slices.Delete(data, from, to)
}

// insertSpan puts a time span ahead of the first shorter one of the list data,
// or at its end, laid out as its neighbour is.
func insertSpan(data []byte, d time.Duration) []byte {
	l, ok := parseList(data)
	if !ok {
		return data // which is found out when the whole is read again
	}
	text := quoted(d)
	for _, it := range l.items {
		if other, _ := time.ParseDuration(string(data[it.from+1 : it.to-1])); other < d {
			return slices.Insert(data, it.from, []byte(text+","+apart(data, it.from))...)
		}
	}
	if len(l.items) == 0 {
		return slices.Insert(data, 1, []byte(text)...)
	}
	last := l.items[len(l.items)-1]
	gap := apart(data, last.from)
	at := max(last.to, last.comma)
	if end := bytes.IndexByte(data[at:], '\n'); gap != " " && end >= 0 && (blank(data[at:at+end]) || comment(data[at:at+end])) {
		at += end // behind the comment
		if data[at-1] == '\r' {
			at--
		}
	}
	data = slices.Insert(data, at, []byte(gap+text+",")...)
	if last.comma == 0 {
		data = slices.Insert(data, last.to, ',')
	}
	return data
}

// apart is what parts the item at offset from the one before it: a line end
// with its indent, or a space.
func apart(data []byte, offset int) string {
	start := bytes.LastIndexByte(data[:offset], '\n') + 1
	if start == 0 || !blank(data[start:offset]) {
		return " "
	}
	return lineEnd(data) + string(data[start:offset])
}
