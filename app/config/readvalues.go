package config

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"

	"keyfob/auth"
)

// fields reads the values of one table. The first fault is kept and what comes
// after it yields zero values, so that the reader of a table asks once.
type fields struct {
	d    *document
	path []string
	vals map[string]any
	err  *fieldError
}

// fieldError is a fault at a key, not yet an error for anyone: a tool shows
// it differently than the file.
type fieldError struct {
	key          string // in its table; empty for the table itself
	line, column int
	what, do     string
}

// newFields opens the table at path, which may be absent.
func newFields(d *document, path ...string) *fields {
	f := &fields{d: d, path: path}
	var v any = d.root
	for _, p := range path {
		m, _ := v.(map[string]any)
		v = m[p]
	}
	switch m := v.(type) {
	case map[string]any:
		f.vals = m
	case nil:
	default:
		f.fail("", tableName(path)+" is "+kindOf(v)+", not a table", "begin it with a line "+tableName(path))
	}
	return f
}

// global makes the error for the whole file of one in a table that is no tool.
func (d *document) global(e *fieldError) error {
	return newFault(d.path, e.line, e.column, e.what, e.do)
}

// fail notes a fault at the key, or at the table itself when key is "".
func (f *fields) fail(key, what, do string) {
	if f.err != nil {
		return
	}
	path := f.path
	if key != "" {
		path = append(path[:len(path):len(path)], key)
	}
	line, column := f.d.where(path)
	f.err = &fieldError{key: key, line: line, column: column, what: what, do: do}
}

// has reports whether the key is there, whatever it holds.
func (f *fields) has(key string) bool { return f.vals[key] != nil }

// text returns a text, and whether the key is there.
func (f *fields) text(key string) (string, bool) {
	v, ok := f.vals[key]
	if !ok || f.err != nil {
		return "", false
	}
	s, isText := v.(string)
	if !isText {
		f.fail(key, auth.Quote(key)+" is "+kindOf(v)+", not text", `write it in quotes: `+key+` = "…"`)
		return "", false
	}
	return f.clean(key, s), f.err == nil
}

// clean refuses texts that no setting means.
func (f *fields) clean(key, s string) string {
	switch {
	case strings.ContainsFunc(s, unicode.IsControl):
		f.fail(key, auth.Quote(key)+" holds a control character", "keep it to one line of plain text")
	case strings.ContainsFunc(s, auth.Unseen):
		f.fail(
			key,
			fmt.Sprintf("%q holds a character that nobody sees (%U)", key, first(s, auth.Unseen)),
			"type it anew, without what came with it from elsewhere",
		)
	case strings.TrimSpace(s) != s:
		f.fail(key, auth.Quote(key)+" begins or ends with a space", "remove the space")
	case len(s) > 2048:
		f.fail(key, auth.Quote(key)+" is longer than 2048 bytes", "shorten it")
	}
	return s
}

// first is the first character of s that is of a kind.
func first(s string, is func(rune) bool) rune {
	for _, r := range s {
		if is(r) {
			return r
		}
	}
	return utf8.RuneError
}

// list returns a list of texts, and whether the key is there.
func (f *fields) list(key string) ([]string, bool) {
	v, ok := f.vals[key]
	if !ok || f.err != nil {
		return nil, false
	}
	do := "write it as " + key + ` = ["…", "…"]`
	items, isList := v.([]any)
	if !isList {
		f.fail(key, auth.Quote(key)+" is "+kindOf(v)+", not a list", do)
		return nil, false
	}
	texts := make([]string, 0, len(items))
	for _, item := range items {
		s, isText := item.(string)
		if !isText {
			f.fail(key, auth.Quote(key)+" holds "+kindOf(item)+" where text belongs", do)
			return nil, false
		}
		texts = append(texts, f.clean(key, s))
	}
	return texts, f.err == nil
}

// duration reads a time span within [least, most].
func (f *fields) duration(key, text string, least, most time.Duration) time.Duration {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		f.fail(key, auth.Quote(key)+": "+auth.Quote(text)+" is not a time span", `write it like "15m", "45s" or "1h30m"`)
	case d < least || d > most:
		f.fail(key, fmt.Sprintf("%q: %q is not between %s and %s", key, text, span(least), span(most)), "choose a time span in between")
	}
	return d
}

// span prints a time span as a person would write it: "90s" is "1m30s", and
// "2h0m0s" is "2h".
func span(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// yes returns true or false; an absent key is false.
func (f *fields) yes(key string) bool {
	v, ok := f.vals[key]
	if !ok {
		return false
	}
	b, isBool := v.(bool)
	if !isBool {
		f.fail(key, auth.Quote(key)+" is "+kindOf(v)+", not true or false", "write it without quotes: "+key+" = true, or false")
	}
	return b
}

// date returns a date, and whether the key is there.
func (f *fields) date(key string) time.Time {
	switch v := f.vals[key].(type) {
	case nil:
		return time.Time{}
	case toml.LocalDate:
		return v.AsTime(time.UTC)
	case toml.LocalDateTime:
		return v.AsTime(time.UTC)
	case time.Time:
		return v
	default:
		f.fail(key, auth.Quote(key)+" is "+kindOf(v)+", not a date", "write it without quotes: "+key+" = 2027-03-01")
		return time.Time{}
	}
}

// kindOf names the kind of a value for people.
func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case int64, float64:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	case time.Time, toml.LocalDate, toml.LocalDateTime, toml.LocalTime:
		return "a date or time"
	}
	return fmt.Sprintf("a %T", v)
}
