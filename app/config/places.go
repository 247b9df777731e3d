package config

import (
	"slices"
	"sort"

	"github.com/pelletier/go-toml/v2/unstable"
)

// maxKeys bounds the keys and tables of a file. The parser looks for each among
// all that came before, so that a megabyte of them would keep it for a minute.
const maxKeys = 40_000

// maxDepth is how far down places are noted. The settings go four deep; a
// hostile file may go a million deep.
const maxDepth = 8

// repeat is a path that was met again.
type repeat struct{ key, offset int }

// key is one key of the file: its full path and where its last part stands.
type key struct {
	path   []string
	offset int
}

// place names a key by the table around it, an index in keys, so that no path
// is written out as a whole for each key below it.
type place struct {
	table int
	name  string
}

// outermost is the table of the keys that stand in none.
const outermost = -1

// note records where each key stands, as far as the file can be parsed. It
// stops and returns false where there are more than maxKeys.
func (d *document) note(data []byte) bool {
	var p unstable.Parser
	p.Reset(data)
	table, met := outermost, 0
	for p.NextExpression() {
		e := p.Expression()
		if met += keysIn(e); met > maxKeys {
			return false
		}
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = d.noteKey(outermost, e.Key(), e.Kind == unstable.Table)
		case unstable.KeyValue:
			d.noteValue(table, e)
		}
	}
	return true
}

// keysIn counts the parts of all keys, and the inline tables, in a part of the
// syntax tree.
func keysIn(n *unstable.Node) int {
	count := 0
	switch n.Kind {
	case unstable.Table, unstable.ArrayTable, unstable.KeyValue:
		for it := n.Key(); it.Next(); {
			count++
		}
		if n.Kind == unstable.KeyValue {
			count += keysIn(n.Value())
		}
	case unstable.InlineTable, unstable.Array:
		if n.Kind == unstable.InlineTable {
			count++
		}
		for it := n.Children(); it.Next(); {
			count += keysIn(it.Node())
		}
	}
	return count
}

// noteValue records a key of a table with its value, and the keys of an inline
// table.
func (d *document) noteValue(table int, e *unstable.Node) {
	i := d.noteKey(table, e.Key(), true)
	if v := e.Value(); v.Kind == unstable.InlineTable && len(d.keys[i].path) < maxDepth {
		for it := v.Children(); it.Next(); {
			d.noteValue(i, it.Node())
		}
	}
}

// noteKey records each part of a dotted key below table and returns the last
// one, or the one at maxDepth. Only the last part defines something new (once
// says that it may do so once); the parts before it may be met many times.
func (d *document) noteKey(table int, it unstable.Iterator, once bool) int {
	var path []string
	if table != outermost {
		path = d.keys[table].path
	}
	for it.Next() && len(path) < maxDepth {
		n := it.Node()
		where := place{table, string(n.Data)}
		i, seen := d.at[where]
		if !seen {
			i = len(d.keys)
			d.at[where] = i
			d.keys = append(d.keys, key{path: append(slices.Clip(path), where.name), offset: int(n.Raw.Offset)})
		}
		if seen && once && it.IsLast() {
			d.again = append(d.again, repeat{key: i, offset: int(n.Raw.Offset)})
		}
		table, path = i, d.keys[i].path
	}
	return table
}

// find returns the key at path, or false where the file has none.
func (d *document) find(path ...string) (key, bool) {
	i := outermost
	for _, name := range path {
		next, ok := d.at[place{i, name}]
		if !ok {
			return key{}, false
		}
		i = next
	}
	if i == outermost {
		return key{}, false
	}
	return d.keys[i], true
}

// position turns an offset into line and column, both from 1; the column
// counts bytes.
func (d *document) position(offset int) (line, column int) {
	line = sort.SearchInts(d.lines, offset+1)
	return line, offset - d.lines[line-1] + 1
}

// where returns the place of path, or of the nearest table around it.
func (d *document) where(path []string) (line, column int) {
	for ; len(path) > 0; path = path[:len(path)-1] {
		if k, ok := d.find(path...); ok {
			return d.position(k.offset)
		}
	}
	return 1, 1
}
