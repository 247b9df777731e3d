package config

import (
	"bytes"
	"context"
	"slices"

	"github.com/pelletier/go-toml/v2/unstable"

	"keyfob/auth"
)

// Remove takes the table of a tool, with the tables under it, out of the
// settings file at path, and returns the lines that it took. Everything else
// stays as it was written. A comment directly above a table belongs to the
// table, unless it begins the file; one behind an empty line does not.
//
// A tool that is written in another way than as a table of its own is left
// where it is, with an error of KindUsage that names the place.
func Remove(ctx context.Context, path, id string) (removed string, err error) {
	err = edit(ctx, path, func(old []byte) (left []byte, err error) {
		left, removed, err = without(path, old, id)
		return left, err
	})
	return removed, err
}

// without returns old without the tool's lines, and those.
func without(path string, old []byte, id string) (left []byte, removed string, err error) {
	before, err := parse(path, old)
	if err != nil {
		return nil, "", err
	}
	if _, ok := before.Lines[id]; !ok {
		return nil, "", &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeUnknownTool,
			What: "there is no tool " + auth.Quote(id) + " in " + path,
			Do:   "run `keyfob tools list` to see the tools",
			Who:  auth.WhoYou,
		}
	}
	byHand := &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeSettings, Who: auth.WhoYou,
		What: "the tool " + auth.Quote(id) + " is not written as a table of its own in " + path, Do: "take it out with an editor",
	}
	lines := splitLines(old)
	gone, ok := linesOf(old, lines, id)
	if !ok {
		return nil, "", byHand
	}
	var taken []byte
	for i, line := range lines {
		switch {
		case gone[i]:
			taken = append(taken, line...)
		case blank(line) && i > 0 && gone[i-1] && (len(left) == 0 || blank(lastLine(left))):
			gone[i] = true // one empty line between tables is enough
		default:
			left = append(left, line...)
		}
	}
	if end := lastLine(left); gone[len(gone)-1] && blank(end) { // the empty line that parted it from what is left
		left = left[:len(left)-len(end)]
	}
	after, err := parse(path, left)
	if err != nil || !sameBut(before, after, id) {
		byHand.Err = err
		return nil, "", byHand
	}
	return left, string(taken), nil
}

// sameBut reports whether b holds the tools of a except for the one with this
// ID, unchanged. It may hold one more, which had the same name as that.
func sameBut(a, b *Settings, id string) bool {
	if _, ok := b.Lines[id]; ok || len(b.Lines) != len(a.Lines)-1 {
		return false
	}
	found := map[string]auth.Tool{}
	for _, t := range b.Tools {
		found[t.ID] = t
	}
	return !slices.ContainsFunc(a.Tools, func(t auth.Tool) bool { return t.ID != id && !t.Equal(found[t.ID]) })
}

// linesOf marks the lines of the tool's tables, and says whether that is all
// there is of the tool.
func linesOf(data []byte, lines [][]byte, id string) (gone []bool, ok bool) {
	gone = make([]bool, len(lines))
	start := -1 // of the table that is being read, if it is the tool's
	end := func(next int) {
		if start >= 0 {
			mark(lines, gone, start, next)
		}
		start = -1
	}
	var p unstable.Parser
	p.Reset(data)
	mine := false
	var table []string
	line, counted := 0, 0 // the number of line ends ahead of that offset
	for p.NextExpression() {
		e := p.Expression()
		path, at := keyPath(e)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			line += bytes.Count(data[counted:at], []byte("\n"))
			counted = at
			end(line)
			if table, mine = path, isOf(path, id); mine {
				start = line
			}
		case unstable.KeyValue:
			if !mine && isOf(append(slices.Clone(table), path...), id) {
				return nil, false
			}
		}
	}
	end(len(lines))
	return gone, p.Error() == nil && slices.Contains(gone, true)
}

func isOf(path []string, id string) bool {
	return len(path) >= 2 && path[0] == "tools" && path[1] == id
}

// keyPath returns an expression's key and where it stands.
func keyPath(e *unstable.Node) (path []string, offset int) {
	offset = -1
	for it := e.Key(); it.Next(); {
		n := it.Node()
		if offset < 0 {
			offset = int(n.Raw.Offset)
		}
		path = append(path, string(n.Data))
	}
	return path, offset
}

// mark marks a table from the line of its header up to what belongs to the one
// on the line next.
func mark(lines [][]byte, gone []bool, header, next int) {
	first := header
	for first > 0 && comment(lines[first-1]) && !gone[first-1] {
		first--
	}
	if first == 0 {
		first = header // the file's own heading
	}
	last := next // behind the last line with a setting
	for last > header+1 && (blank(lines[last-1]) || comment(lines[last-1])) {
		last--
	}
	tail := last
	for tail < next && comment(lines[tail]) {
		tail++
	}
	if tail < next || next == len(lines) { // an empty line parts it from the next table
		last = tail
	}
	for i := first; i < last; i++ {
		gone[i] = true
	}
}

// splitLines cuts data behind each line end.
func splitLines(data []byte) [][]byte {
	lines := bytes.SplitAfter(data, []byte("\n"))
	if n := len(lines); len(lines[n-1]) == 0 {
		lines = lines[:n-1]
	}
	return lines
}

func lastLine(data []byte) []byte {
	lines := splitLines(data)
	if len(lines) == 0 {
		return nil
	}
	return lines[len(lines)-1]
}

func blank(line []byte) bool   { return len(bytes.TrimSpace(line)) == 0 }
func comment(line []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(line), []byte("#")) }
