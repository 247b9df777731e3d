package config

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"keyfob/auth"
)

// Bounds of the settings that hold time spans.
const (
	MinReminder   = time.Second
	MaxReminder   = 7 * 24 * time.Hour
	MaxClearAfter = 24 * time.Hour
)

// SetReminders writes [reminders] before into the settings file at path: how
// long ahead of the end of access a person is told, or nothing for never. Each
// is between MinReminder and MaxReminder; order and repetitions do not matter.
//
// Like the other functions of this kind it makes the file and the table when
// they are missing, leaves everything else as it was written, comments
// included, and writes nothing where the file says so already. A value out of
// bounds is an error of KindUsage, and so is a file that is written in a way
// which cannot be edited with certainty; it then says what to write by hand.
func SetReminders(ctx context.Context, path string, before []time.Duration) error {
	want := slices.Clone(before)
	slices.SortFunc(want, func(a, b time.Duration) int { return cmp.Compare(b, a) })
	want = slices.Compact(want)
	for _, d := range want {
		if d < MinReminder || d > MaxReminder {
			return outside("a reminder", d, MinReminder, MaxReminder)
		}
	}
	return set(ctx, path, "reminders", "before", spanList(want),
		func(s *Settings) bool { return slices.Equal(s.Reminders, want) },
		func(s *Settings) { s.Reminders = want },
		func(old []byte) ([]byte, bool) { return withSpans(old, want) })
}

// SetClearAfter writes [clipboard] clear_after: how long a copied token stays in
// the clipboard, at most MaxClearAfter; 0 leaves it there until something
// replaces it. See [SetReminders].
func SetClearAfter(ctx context.Context, path string, after time.Duration) error {
	if after < 0 || after > MaxClearAfter {
		return outside("the time that a token stays in the clipboard", after, 0, MaxClearAfter)
	}
	return set(ctx, path, "clipboard", "clear_after", quoted(after),
		func(s *Settings) bool { return s.ClearAfter == after },
		func(s *Settings) { s.ClearAfter = after }, nil)
}

// SetNotifications writes [notifications] enabled: whether notifications are
// shown. See [SetReminders].
func SetNotifications(ctx context.Context, path string, on bool) error {
	return set(ctx, path, "notifications", "enabled", fmt.Sprint(on),
		func(s *Settings) bool { return s.Quiet == !on },
		func(s *Settings) { s.Quiet = !on }, nil)
}

func outside(what string, d, least, most time.Duration) error {
	return &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeSettings,
		What: fmt.Sprintf("%s cannot be %s", what, span(d)),
		Do:   fmt.Sprintf("choose a time span from %s to %s", span(least), span(most)),
		Who:  auth.WhoYou,
	}
}

// set writes a key of a table: literal, or what list makes of the list that is
// there. has reports whether settings say so already, and apply makes them.
func set(
	ctx context.Context,
	path, table, key, literal string,
	has func(*Settings) bool,
	apply func(*Settings),
	list func(old []byte) ([]byte, bool),
) error {
	return edit(ctx, path, func(old []byte) ([]byte, error) {
		before, err := parse(path, old)
		if err != nil || has(before) {
			return old, err
		}
		byHand := &auth.Error{
			Kind: auth.KindUsage, Code: auth.CodeSettings, Who: auth.WhoYou,
			What: auth.Quote(key) + " in " + tableName([]string{table}) + " of " + path + " could not be changed as the file is written",
			Do:   "write " + key + " = " + literal + " there with an editor",
		}
		data, err := withValue(path, old, table, key, literal, list)
		if err != nil {
			byHand.Err = err
			return nil, byHand
		}
		after, err := parse(path, data)
		if err != nil {
			byHand.Err = err
			return nil, byHand
		}
		apply(before)
		if !sameSettings(before, after) {
			return nil, byHand
		}
		return data, nil
	})
}

// sameSettings reports whether a and b say the same, wherever it stands.
func sameSettings(a, b *Settings) bool {
	if len(a.Tools) != len(b.Tools) || len(a.Bad) != len(b.Bad) {
		return false
	}
	for i, t := range a.Tools {
		t.Reminders = a.Reminders
		u := b.Tools[i]
		u.Reminders = a.Reminders
		if !t.Equal(u) {
			return false
		}
	}
	for i, bad := range a.Bad {
		if bad.ID != b.Bad[i].ID || bad.why.what != b.Bad[i].why.what {
			return false
		}
	}
	return a.ClearAfter == b.ClearAfter && a.Quiet == b.Quiet && slices.Equal(a.Reminders, b.Reminders)
}

var errLayout = errors.New("written in an unusual way")

// withValue returns old with the key set.
func withValue(path string, old []byte, table, key, literal string, list func([]byte) ([]byte, bool)) ([]byte, error) {
	mark, data := cutMark(old)
	d, err := parseDocument(path, data)
	if err != nil {
		return nil, err
	}
	if k, ok := d.find(table, key); ok {
		from, to := valueAt(data, k.offset)
		if from < 0 {
			return nil, errLayout
		}
		value := []byte(literal)
		if list != nil {
			if value, ok = list(data[from:to]); !ok {
				return nil, errLayout
			}
		}
		return slices.Concat(mark, data[:from], value, data[to:]), nil
	}
	line := key + " = " + literal + lineEnd(data)
	k, ok := d.find(table)
	if !ok {
		return slices.Concat(mark, appendTable(data, table, []byte(key+" = "+literal+"\n"))), nil
	}
	header := k.offset
	end := bytes.IndexByte(data[header:], '\n')
	if end < 0 {
		return slices.Concat(mark, data, []byte(lineEnd(data)+line)), nil
	}
	end += header + 1
	return slices.Concat(mark, data[:end], []byte(line), data[end:]), nil
}

// cutMark parts the bytes that Windows editors begin a file with from it.
func cutMark(data []byte) (mark, rest []byte) {
	rest = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	return data[:len(data)-len(rest)], rest
}

// lineEnd is how the lines of data end.
func lineEnd(data []byte) string {
	if bytes.Contains(data, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// quoted writes a time span as TOML text.
func quoted(d time.Duration) string { return `"` + span(d) + `"` }
