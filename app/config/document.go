package config

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"keyfob/auth"
)

// document is a TOML file with the place of each of its keys, which the
// decoded values alone do not carry.
type document struct {
	path  string
	short string // what a tool's fault calls it, beside a menu entry
	root  map[string]any
	lines []int         // offset of each line's first byte
	keys  []key         // in the file's order, each path once
	at    map[place]int // index in keys
	again []repeat      // paths met again; most are lawful, the parser decides
}

// parseDocument decodes data. The one parser decides what is valid; the second
// pass over the syntax tree only notes places.
func parseDocument(path string, data []byte) (*document, error) {
	if inUTF16(data) {
		return nil, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeSettings,
			What: path + " is written in UTF-16",
			Do:   "save it as UTF-8", Who: auth.WhoSetup,
		}
	}
	d := &document{path: path, short: filepath.Base(path), root: map[string]any{}, at: map[place]int{}, lines: []int{0}}
	for i, b := range data {
		if b == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	if !d.note(data) {
		return nil, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeSettings,
			What: fmt.Sprintf("%s holds more than %d keys and tables", path, maxKeys),
			Do:   "check that it is the settings file", Who: auth.WhoSetup,
		}
	}
	if err := toml.Unmarshal(data, &d.root); err != nil {
		return nil, d.syntax(err)
	}
	return d, nil
}

// inUTF16 reports whether data is text as some Windows programs write it: with
// the mark of UTF-16, or with a zero beside each letter.
func inUTF16(data []byte) bool {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return true
	}
	letter := func(b byte) bool { return b == '\n' || b == '\r' || b == '\t' || b >= ' ' && b <= '~' }
	return len(data) > 3 && (data[0] == 0 && letter(data[1]) && data[2] == 0 && letter(data[3]) ||
		letter(data[0]) && data[1] == 0 && letter(data[2]) && data[3] == 0)
}

// toolIDs returns the keys of the table "tools" in the file's order.
func (d *document) toolIDs() []string {
	var ids []string
	for _, k := range d.keys {
		if len(k.path) == 2 && k.path[0] == "tools" {
			ids = append(ids, k.path[1])
		}
	}
	return ids
}

// fault is an error about the key at path that concerns the whole file.
func (d *document) fault(path []string, what, do string) *auth.Error {
	line, column := d.where(path)
	return newFault(d.path, line, column, what, do)
}

func newFault(path string, line, column int, what, do string) *auth.Error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeSettings, Who: auth.WhoSetup,
		What: fmt.Sprintf("%s:%d:%d: %s", path, line, column, what), Do: do,
	}
}

// syntax puts the parser's error into words that help, with its place. The
// parser's own longer text quotes lines of the file and is not used.
func (d *document) syntax(err error) error {
	var de *toml.DecodeError
	if !errors.As(err, &de) {
		return &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeSettings,
			What: d.path + ": not valid TOML (" + strings.TrimPrefix(err.Error(), "toml: ") + ")",
			Who:  auth.WhoSetup,
			Err:  err,
		}
	}
	line, column := de.Position()
	why := strings.TrimPrefix(de.Error(), "toml: ")
	if strings.Contains(why, "already") {
		for _, r := range d.again {
			if l, c := d.position(r.offset); l == line {
				first, _ := d.position(d.keys[r.key].offset)
				return newFault(
					d.path,
					l,
					c,
					fmt.Sprintf("%s is there twice, first on line %d", keyName(d.keys[r.key].path), first),
					"rename or remove one of them",
				)
			}
		}
	}
	do := "fix this line"
	switch {
	case strings.Contains(why, "at start of value"), strings.Contains(why, "expected newline"):
		do = "put text in quotes and each setting on a line of its own"
	case strings.Contains(why, "escape"):
		do = "write text with backslashes in 'single quotes'"
	}
	return newFault(d.path, line, max(column, 1), "not valid TOML, "+why, do)
}

// keyName names a key as a person would find it: tables in brackets.
func keyName(path []string) string {
	last := auth.Quote(path[len(path)-1])
	switch {
	case path[0] == "tools" && len(path) == 2:
		return tableName(path)
	case len(path) == 1:
		return last
	}
	return last + " in " + tableName(path[:len(path)-1])
}

// tableName writes a table's path as its header would be.
func tableName(path []string) string {
	parts := slices.Clone(path)
	for i, p := range parts {
		if !isBareKey(p) {
			parts[i] = auth.Quote(p)
		}
	}
	return "[" + strings.Join(parts, ".") + "]"
}

func isBareKey(s string) bool {
	return s != "" && len(s) <= 200 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}
