// Package config owns keyfob.toml: it finds the file, reads it, says in plain
// words what is wrong with it and where, and changes it for commands and the
// window. A new key is named in keys.go, read here (for all tools) or in tool.go
// (of one tool), gets its default in defaults, and is written by set.go or add.go.
//
// It must never hold, read or write a secret, never ask the network, and never
// change more of what the user wrote than it was asked to.
//
// What is wrong with the file as a whole (it is not TOML, a key that nobody
// knows, a bad value outside of the tools) fails [Load]: half of such a file
// may mean something else than the user thinks. What is wrong with the values
// of one tool takes that tool alone out, into [Settings.Bad], and leaves the
// others working.
package config

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/plainfile"
)

// Defaults of the settings that a file may leave out.
const (
	DefaultRedirect   = "http://127.0.0.1/callback" // as an example: each preset has its own
	DefaultClearAfter = 45 * time.Second
)

// MaxFile bounds the settings file, in bytes; a thousand tools take less than
// half.
const MaxFile = 1 << 20

// Settings is what keyfob.toml says, with defaults filled in.
type Settings struct {
	Path       string          // the file that was read
	Tools      []auth.Tool     // the usable tools, in the file's order
	Bad        []BadTool       // the others, in the file's order
	ClearAfter time.Duration   // how long a copied token stays in the clipboard; 0 means until something replaces it
	Reminders  []time.Duration // lead times ahead of the end of access, longest first; may be empty
	Quiet      bool            // no notifications are shown
	Background bool            // a command may start an engine without an icon
	// Lines holds where each tool's table begins, by the tool's ID, counted
	// from 1: in Path, or in the file of Administrators.
	Lines map[string]int

	// What only [LoadAll] finds.
	Administrators map[string]string // the file of each tool that an administrator has set up, by its ID
	Ignored        []*auth.Error     // what was passed over while everything else works

	background background
}

// BadTool is a tool whose settings cannot be used.
type BadTool struct {
	ID   string // as written: it may be what is wrong
	Name string // the tool's name where that much could be read, else its ID
	Line int    // where the fault is, counted from 1
	Err  *auth.Error

	why fieldError // Err's parts
}

// Load reads the settings at path. A missing file is not an error: its
// settings are empty. Every error is an [*auth.Error] of [auth.KindSetup] that
// begins with the file's path, and with line and column where there is one.
func Load(path string) (*Settings, error) {
	data, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parse(path, data)
}

// readFile returns the file's bytes. Its errors are ready to show, except that
// a missing file is told by errors.Is(err, fs.ErrNotExist).
func readFile(path string) ([]byte, error) {
	data, err := plainfile.Read(path, MaxFile)
	var kind *plainfile.KindError
	var size *plainfile.SizeError
	switch {
	case errors.As(err, &kind):
		return nil, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeSettings,
			What: path + " is " + kind.Kind + ", not a settings file",
			Do:   "name the file itself", Who: auth.WhoYou, Err: err,
		}
	case errors.As(err, &size):
		return nil, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeSettings,
			What: err.Error(),
			Do:   "check that it is the settings file", Who: auth.WhoSetup, Err: err,
		}
	case err != nil:
		return nil, unreadable(path, err)
	}
	return data, nil
}

func unreadable(path string, err error) error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeSettings,
		What: "cannot read " + path + " (" + plainfile.Why(err) + ")",
		Do:   "make the file readable by you", Who: auth.WhoYou, Err: err,
	}
}

// parse turns the file's bytes into settings.
func parse(path string, data []byte) (*Settings, error) {
	s := defaults(path)
	_, data = cutMark(data)
	d, err := parseDocument(path, data)
	if err != nil {
		return nil, err
	}
	if err := d.checkKeys(); err != nil {
		return nil, err
	}
	if err := s.readGlobals(d); err != nil {
		return nil, err
	}
	names := map[string]string{} // folded name → ID
	for _, id := range d.toolIDs() {
		s.Lines[id], _ = d.where([]string{"tools", id})
		tool, bad := readTool(d, id, names)
		if bad != nil {
			s.Bad = append(s.Bad, *bad)
			continue
		}
		tool.Reminders = slices.Clone(s.Reminders)
		names[foldName(tool.Name)] = id
		s.Tools = append(s.Tools, tool)
	}
	return s, nil
}

// checkTools demands that the tools are tables.
func (d *document) checkTools() *auth.Error {
	if _, ok := d.root["tools"].(map[string]any); !ok && d.root["tools"] != nil {
		return d.fault([]string{"tools"}, `"tools" is `+kindOf(d.root["tools"])+", not a table", "write each tool as [tools.ID]")
	}
	return nil
}

// readGlobals reads everything outside of the tools.
func (s *Settings) readGlobals(d *document) error {
	if err := d.checkTools(); err != nil {
		return err
	}
	if err := s.readBackground(d); err != nil {
		return d.global(err)
	}
	r := newFields(d, "reminders")
	if before, ok := r.list("before"); ok {
		s.Reminders = nil
		for _, text := range before {
			s.Reminders = append(s.Reminders, r.duration("before", text, MinReminder, MaxReminder))
		}
		slices.SortFunc(s.Reminders, func(a, b time.Duration) int { return cmp.Compare(b, a) })
		s.Reminders = slices.Compact(s.Reminders)
	}
	if r.err != nil {
		return d.global(r.err)
	}
	c := newFields(d, "clipboard")
	if text, ok := c.text("clear_after"); ok {
		s.ClearAfter = c.duration("clear_after", text, 0, MaxClearAfter)
	}
	if c.err != nil {
		return d.global(c.err)
	}
	n := newFields(d, "notifications")
	s.Quiet = n.has("enabled") && !n.yes("enabled")
	if n.err != nil {
		return d.global(n.err)
	}
	return nil
}

// foldName makes two names equal that a person would take for the same.
func foldName(name string) string {
	return strings.Join(strings.Fields(strings.ToLower(name)), " ")
}

// defaults are the settings of an empty file.
func defaults(path string) *Settings {
	return &Settings{
		Path:       path,
		ClearAfter: DefaultClearAfter,
		Reminders:  []time.Duration{15 * time.Minute, 5 * time.Minute},
		Background: true,
		Lines:      map[string]int{},
	}
}
