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
	return set(ctx, path, change{
		table: "reminders", key: "before", literal: spanList(want),
		done:  func(s *Settings) bool { return slices.Equal(s.Reminders, want) },
		apply: func(s *Settings) { s.Reminders = want },
		list:  func(old []byte) ([]byte, bool) { return withSpans(old, want) },
	})
}

// SetClearAfter writes [clipboard] clear_after: how long a copied token stays in
// the clipboard, at most MaxClearAfter; 0 leaves it there until something
// replaces it. See [SetReminders].
func SetClearAfter(ctx context.Context, path string, after time.Duration) error {
	if after < 0 || after > MaxClearAfter {
		return outside("the time that a token stays in the clipboard", after, 0, MaxClearAfter)
	}
	return set(ctx, path, change{
		table: "clipboard", key: "clear_after", literal: quoted(after),
		done:  func(s *Settings) bool { return s.ClearAfter == after },
		apply: func(s *Settings) { s.ClearAfter = after },
	})
}

// SetNotifications writes [notifications] enabled: whether notifications are
// shown. See [SetReminders].
func SetNotifications(ctx context.Context, path string, on bool) error {
	return set(ctx, path, change{
		table: "notifications", key: "enabled", literal: fmt.Sprint(on),
		done:  func(s *Settings) bool { return s.Quiet == !on },
		apply: func(s *Settings) { s.Quiet = !on },
	})
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

// change is a key of a table that is to have another value.
type change struct {
	table, key string
	literal    string                               // the value as TOML
	list       func(old []byte) (_ []byte, ok bool) // makes the value of the list that is there; nil for literal
	done       func(*Settings) bool                 // whether settings say so already
	apply      func(*Settings)                      // has settings say so
}

// set makes the change.
func set(ctx context.Context, path string, c change) error {
	return edit(ctx, path, func(old []byte) ([]byte, error) {
		before, err := parse(path, old)
		if err != nil || c.done(before) {
			return old, err
		}
		byHand := &auth.Error{
			Kind: auth.KindUsage, Code: auth.CodeSettings, Who: auth.WhoYou,
			What: auth.Quote(c.key) + " in " + tableName([]string{c.table}) + " of " + path + " could not be changed as the file is " +
				"written",
			Do: "write " + c.key + " = " + c.literal + " there with an editor",
		}
		data, err := withValue(path, old, c)
		if err != nil {
			byHand.Err = err
			return nil, byHand
		}
		after, err := parse(path, data)
		if err != nil {
			byHand.Err = err
			return nil, byHand
		}
		c.apply(before)
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
	return a.ClearAfter == b.ClearAfter && a.Quiet == b.Quiet && a.Background == b.Background && slices.Equal(a.Reminders, b.Reminders)
}

var errLayout = errors.New("written in an unusual way")

// withValue returns old with the key set.
func withValue(path string, old []byte, c change) ([]byte, error) {
	mark, data := cutMark(old)
	d, err := parseDocument(path, data)
	if err != nil {
		return nil, err
	}
	if k, ok := d.find(c.table, c.key); ok {
		from, to := valueAt(data, k.offset)
		if from < 0 {
			return nil, errLayout
		}
		value := []byte(c.literal)
		if c.list != nil {
			if value, ok = c.list(data[from:to]); !ok {
				return nil, errLayout
			}
		}
		return slices.Concat(mark, data[:from], value, data[to:]), nil
	}
	line := c.key + " = " + c.literal
	k, ok := d.find(c.table)
	if !ok {
		return slices.Concat(mark, appendTable(data, c.table, []byte(line+"\n"))), nil
	}
	header := k.offset
	end := bytes.IndexByte(data[header:], '\n')
	if end < 0 {
		return slices.Concat(mark, data, []byte(lineEnd(data)+line+lineEnd(data))), nil
	}
	end += header + 1
	return slices.Concat(mark, data[:end], []byte(line+lineEnd(data)), data[end:]), nil
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
