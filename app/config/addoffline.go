package config

import (
	"bytes"
	"context"
	"slices"

	"github.com/pelletier/go-toml/v2"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// MayAddOffline says why [AddOffline] must not be tried: an administrator has set
// up the tool.
func (s *Settings) MayAddOffline(id string) error {
	return s.NotYours(id, `add "offline_access" to its scopes there`)
}

// AddOffline adds offline_access to the scopes that the tool asks for, in the
// settings file at path, and leaves every other byte as it was. Where the tool
// names no scopes, it gets those that it asks for anyway. A tool that asks for
// offline_access already changes nothing.
//
// A file that is written in a way which cannot be edited with certainty stays
// as it is, with an error of KindUsage that says what to write.
func AddOffline(ctx context.Context, path, id string) error {
	return edit(ctx, path, func(old []byte) ([]byte, error) { return withOffline(path, old, id) })
}

// withOffline returns old with offline_access among the tool's scopes.
func withOffline(path string, old []byte, id string) ([]byte, error) {
	const scope = "offline_access"
	before, err := parse(path, old)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(before.Tools, func(t auth.Tool) bool { return t.ID == id })
	if i < 0 {
		return nil, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeUnknownTool,
			What: "there is no usable tool " + auth.Quote(id) + " in " + path,
			Do:   "run `keyfob tools list` to see the tools",
			Who:  auth.WhoYou,
		}
	}
	want := before.Tools[i]
	if want.AsksOffline() {
		return old, nil
	}
	if p, _ := provider.Find(want.Provider); p.RefusesOffline {
		return nil, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeSettings,
			What: p.Name + " refuses the scope offline_access, so it was not added",
			Do:   "nothing, a refresh token comes without it",
			Who:  auth.WhoYou,
		}
	}
	want.Scopes = append(slices.Clone(want.Scopes), scope)
	byHand := &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeSettings,
		What: "the scopes of " + tableName([]string{"tools", id}) + " in " + path + " could not be changed",
		Do:   `add "offline_access" to them with an editor`,
		Who:  auth.WhoYou,
	}
	d, err := parseDocument(path, old)
	if err != nil {
		return nil, err
	}
	data := withScope(d, old, id, want.Scopes)
	if data == nil {
		return nil, byHand
	}
	after, err := parse(path, data)
	if err != nil || len(after.Tools) != len(before.Tools) || !slices.Equal(after.Tools[i].Scopes, want.Scopes) {
		byHand.Err = err
		return nil, byHand
	}
	return data, nil
}

// withScope returns data with the last of scopes added to the tool's, or nil.
func withScope(d *document, data []byte, id string, scopes []string) []byte {
	insert := func(at int, text string) []byte {
		return slices.Concat(data[:at], []byte(text), data[at:])
	}
	if k, ok := d.find("tools", id, "scopes"); ok {
		open, end, empty := listAt(data, k.offset)
		switch {
		case end < 0:
			return nil
		case empty:
			return insert(open+1, `"`+scopes[len(scopes)-1]+`"`)
		}
		return insert(end, `, "`+scopes[len(scopes)-1]+`"`)
	}
	k, ok := d.find("tools", id)
	if !ok {
		return nil
	}
	line, err := toml.Marshal(map[string]any{"scopes": scopes})
	if err != nil {
		return nil
	}
	header := k.offset
	end := bytes.IndexByte(data[header:], '\n')
	if end < 0 {
		return insert(len(data), "\n"+string(line))
	}
	return insert(header+end+1, string(line))
}

// listAt finds the list behind a key at offset: its opening bracket, the end of
// its last value, and whether there is none. The file is known to be TOML.
func listAt(data []byte, offset int) (open, end int, empty bool) {
	open, end, empty = -1, -1, true
	for i := offset; i < len(data); i++ {
		switch c := data[i]; {
		case c == '#':
			n := bytes.IndexByte(data[i:], '\n')
			if n < 0 {
				return open, -1, false
			}
			i += n
		case c == '"' || c == '\'':
			n := textEnd(data[i:])
			if n < 0 {
				return open, -1, false
			}
			i += n - 1
			if open >= 0 {
				end, empty = i+1, false
			}
		case c == '[' && open < 0:
			open, end = i, i+1
		case c == '[':
			return open, -1, false
		case c == ']' && open >= 0:
			return open, end, empty
		}
	}
	return open, -1, false
}

// textEnd is the length of the TOML text at the start of data, or -1. Texts of
// several lines, which no scope is, are not understood.
func textEnd(data []byte) int {
	quote := data[0]
	if bytes.HasPrefix(data, bytes.Repeat(data[:1], 3)) {
		return -1
	}
	for i := 1; i < len(data); i++ {
		switch {
		case data[i] == '\\' && quote == '"':
			i++
		case data[i] == quote:
			return i + 1
		case data[i] == '\n':
			return -1
		}
	}
	return -1
}
