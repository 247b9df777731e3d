package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"keyfob/auth"
	"keyfob/auth/plainfile"
	"keyfob/auth/provider"
)

// System is the folder of an administrator's tools: every file in it whose name
// ends in .toml holds tables [tools.ID], and may forbid engines in the background.
// Nobody else may be able to change them, since whoever can sends the sign-ins of all users where
// they like.
type System struct {
	Dir   string // empty for none
	Owner int    // the user ID that must own the folder and its files; not on Windows, where it is the administrators'
	Top   string // the folder from which on everything on the way to Dir must be safe too; empty for the root of the file system
}

// LoadAll reads the settings at path and an administrator's tools, which come
// first, in the order of their files' names. A tool whose ID is taken is
// ignored, so that nobody redirects an administrator's tool; a user's tool
// whose name is taken has its ID behind it.
//
// What is wrong with an administrator's file takes that file or tool alone out.
// With an error, which is that of [Load], the settings hold an administrator's
// tools alone.
func LoadAll(path string, system System) (*Settings, error) {
	mine, err := Load(path)
	if err != nil {
		mine = defaults(path)
	}
	s := *mine
	s.Tools, s.Bad, s.Lines = nil, nil, map[string]int{}
	if e := exposed(path); e != nil {
		s.Ignored = append(s.Ignored, e)
	}
	names := map[string]string{}
	for _, file := range s.systemFiles(system) {
		if err := s.readSystem(file, system, names); err != nil {
			s.Ignored = append(s.Ignored, err)
		}
	}
	for _, t := range mine.Tools {
		if s.add(t.ID, mine.Lines[t.ID]) {
			if _, taken := names[foldName(t.Name)]; taken {
				t.Name += " (" + t.ID + ")"
			}
			s.Tools = append(s.Tools, t)
		}
	}
	for _, b := range mine.Bad {
		if s.add(b.ID, mine.Lines[b.ID]) {
			s.Bad = append(s.Bad, b)
		}
	}
	provider.MarkShared(s.Tools)
	return &s, err
}

// add notes where a user's tool stands, unless it is an administrator's.
func (s *Settings) add(id string, line int) bool {
	if file, taken := s.Administrators[id]; taken {
		s.Ignored = append(s.Ignored, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeAdministrator, Who: auth.WhoYou,
			What: fmt.Sprintf(
				"%s:%d: your own tool %s is not used, since an administrator has set one up in %s:%d",
				s.Path,
				line,
				auth.Quote(id),
				file,
				s.Lines[id],
			),
			Do: "give it another ID, or remove it",
		})
		return false
	}
	s.Lines[id] = line
	return true
}

// NotYours returns an error of KindUsage for a tool that an administrator has
// set up, and nil for any other. do is what the administrator would have to do.
func (s *Settings) NotYours(id, do string) error {
	file, ok := s.Administrators[id]
	if !ok {
		return nil
	}
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeAdministrator, Who: auth.WhoMachine,
		What: fmt.Sprintf("the tool %s is not yours to change, it is set up for everybody in %s:%d", auth.Quote(id), file, s.Lines[id]),
		Do:   do,
	}
}

// systemFiles are the files of the folder in the order of their names. Where
// others could move the folder away, its tools could vanish in silence, so
// there is a warning even while the folder is empty.
func (s *Settings) systemFiles(system System) (files []string) {
	if system.Dir == "" {
		return nil
	}
	if _, err := os.Lstat(filepath.Dir(system.Dir)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if place, what, do := system.distrust(system.Dir); what != "" {
		s.Ignored = append(s.Ignored, unsafe(system.Dir, place, what, do))
		return nil
	}
	entries, err := os.ReadDir(system.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		s.Ignored = append(s.Ignored, refused(system.Dir, "cannot be read ("+plainfile.Why(err)+")", "make it readable by everybody"))
		return nil
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".toml") && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, filepath.Join(system.Dir, e.Name()))
		}
	}
	return files
}

// readSystem takes over the tools of one file.
func (s *Settings) readSystem(file string, system System, names map[string]string) *auth.Error {
	data, e := readTrusted(file, system)
	if e != nil {
		return e
	}
	_, data = cutMark(data)
	d, err := parseDocument(file, data)
	if err != nil {
		return auth.AsError(err)
	}
	d.short = file // which no reader of a menu knows by its name alone
	if err := d.checkKeys(); err != nil {
		return auth.AsError(err)
	}
	for _, k := range d.keys {
		if k.path[0] != "tools" && k.path[0] != "background" {
			return d.fault(
				k.path[:1], auth.Quote(k.path[0])+" is each user's own", "leave it out here, where only background and [tools.ID] belong",
			)
		}
	}
	if err := d.checkTools(); err != nil {
		return err
	}
	if err := s.readBackgroundPolicy(d); err != nil {
		return auth.AsError(d.global(err))
	}
	for _, id := range d.toolIDs() {
		line, _ := d.where([]string{"tools", id})
		if first, taken := s.Administrators[id]; taken {
			s.Ignored = append(
				s.Ignored,
				d.fault(
					[]string{"tools", id},
					fmt.Sprintf("the tool %s is not used, since %s:%d has it already", auth.Quote(id), first, s.Lines[id]),
					"remove one of them",
				),
			)
			continue
		}
		if s.Administrators == nil {
			s.Administrators = map[string]string{}
		}
		s.Lines[id], s.Administrators[id] = line, file
		tool, bad := readTool(d, id, names)
		if bad == nil {
			bad = system.badPath(d, tool)
		}
		if bad != nil {
			s.Bad = append(s.Bad, *bad)
			continue
		}
		tool.Reminders = slices.Clone(s.Reminders)
		names[foldName(tool.Name)] = id
		s.Tools = append(s.Tools, tool)
	}
	return nil
}

// badPath says that a tool names a file which others can change: whoever can
// change the certificate authorities can read every sign-in.
func (s System) badPath(d *document, tool auth.Tool) *BadTool {
	if tool.CAFile == "" {
		return nil
	}
	place, what, do := s.distrust(tool.CAFile)
	if what == "" {
		return nil
	}
	f := newFields(d, "tools", tool.ID)
	if place != tool.CAFile {
		place += ", on the way to " + tool.CAFile + ","
	}
	f.fail("ca_file", "ca_file: "+place+" "+what, do)
	err := newFault(d.short, f.err.line, f.err.column, f.err.what, f.err.do)
	err.Who = auth.WhoMachine
	return &BadTool{ID: tool.ID, Name: tool.Name, Line: f.err.line, why: *f.err, Err: err}
}

// readTrusted returns the bytes of a file that nobody but the owner can change.
func readTrusted(file string, system System) ([]byte, *auth.Error) {
	if place, what, do := system.distrust(file); what != "" {
		return nil, unsafe(file, place, what, do)
	}
	data, err := plainfile.Read(file, MaxFile)
	var kind *plainfile.KindError
	var size *plainfile.SizeError
	switch {
	case errors.As(err, &kind):
		return nil, refused(file, "is "+kind.Kind+" and not a file", "put a file there, or remove it")
	case errors.As(err, &size):
		return nil, refused(file, "is larger than "+plainfile.Size(MaxFile), "split it into several files")
	case err != nil:
		return nil, refused(file, "cannot be read ("+plainfile.Why(err)+")", "make it readable by everybody")
	}
	return data, nil
}

func refused(file, what, do string) *auth.Error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeAdministrator,
		What: file + " " + what + ", so none of its tools is used",
		Do:   do, Who: auth.WhoMachine,
	}
}

// unsafe is refused for a file or folder because of what is at place, which is
// on the way to it.
func unsafe(file, place, what, do string) *auth.Error {
	if place == file {
		return refused(file, what, do)
	}
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeAdministrator,
		What: place + " " + what + ", so none of the tools in " + file + " is used",
		Do:   do, Who: auth.WhoMachine,
	}
}
