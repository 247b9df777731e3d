package autostart

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"keyfob/auth"
	"keyfob/auth/plainfile"
)

// entryName is the file of the entry, in every folder of entries.
const entryName = "keyfob.desktop"

// madeBy marks an entry that this package made.
const madeBy = "X-Keyfob-Autostart"

// XDG is the autostart of Linux desktops: a desktop entry in the person's own
// folder or in the system's (Desktop Application Autostart Specification). The
// person's own goes before the system's, whether it starts something or not.
type XDG struct {
	Program string   // the absolute path of the program to start
	Dir     string   // the person's folder of entries
	System  []string // the system's, first one first
}

// NewXDG returns the autostart of the person with this environment, for a
// program.
func NewXDG(program string, getenv func(string) string) (XDG, error) {
	config := getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(config) { // the base directory specification ignores others
		home := getenv("HOME")
		if home == "" {
			return XDG{}, &auth.Error{
				Kind: auth.KindSetup,
				Code: auth.CodeAutostart,
				What: "this user has no folder for settings",
				Do:   "set HOME",
				Who:  auth.WhoYou,
			}
		}
		config = filepath.Join(home, ".config")
	}
	x := XDG{Program: program, Dir: filepath.Join(config, "autostart")}
	system := getenv("XDG_CONFIG_DIRS")
	if system == "" {
		system = "/etc/xdg"
	}
	for _, dir := range filepath.SplitList(system) {
		if filepath.IsAbs(dir) {
			x.System = append(x.System, filepath.Join(dir, "autostart"))
		}
	}
	return x, nil
}

func (x XDG) own() string { return filepath.Join(x.Dir, entryName) }

// On implements [Starter].
func (x XDG) On(replace bool) error {
	line, err := quoteExec(x.Program)
	if err != nil {
		return err
	}
	mine, err := readEntry(x.own())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if s, err := x.Status(); err == nil && s.On && s.Note == "" {
			return nil // the system's does it
		}
	case err != nil:
		return err
	case mine.made:
	case mine.starts() && note(mine.program(), x.Program) == "":
		return nil
	case !replace:
		return foreign(x.own())
	}
	return write(
		x.own(),
		"[Desktop Entry]\nType=Application\nVersion=1.1\nName=Keyfob\nComment=Sign in to your tools and keep the sessions alive\n"+
			"Exec="+line+"\nIcon=keyfob\nTerminal=false\nStartupNotify=false\nX-GNOME-Autostart-enabled=true\n"+madeBy+"=true\n",
	)
}

// Off implements [Starter].
func (x XDG) Off() error {
	mine, err := readEntry(x.own())
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !mine.made:
		if !mine.starts() {
			return nil
		}
		return write(x.own(), mine.with("Hidden", "true"))
	default:
		if err := os.Remove(x.own()); err != nil {
			return failed("cannot remove "+x.own(), err)
		}
	}
	if s, err := x.Status(); err != nil || !s.On {
		return err
	}
	// The system's entry is hidden by one of the person's own.
	return write(x.own(), "[Desktop Entry]\nType=Application\nName=Keyfob\nExec=true\nHidden=true\n"+madeBy+"=true\n")
}

// Update implements [Starter].
func (x XDG) Update() error {
	mine, err := readEntry(x.own())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !mine.made || !outdated(mine.program(), x.Program):
		return nil
	}
	line, err := quoteExec(x.Program)
	if err != nil {
		return err
	}
	return write(x.own(), mine.with("Exec", line))
}

// Status implements [Starter].
func (x XDG) Status() (State, error) {
	for _, dir := range append([]string{x.Dir}, x.System...) {
		e, err := readEntry(filepath.Join(dir, entryName))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return State{}, err
		}
		s := State{On: e.starts(), Place: e.path}
		if s.On {
			s.Program = e.program()
			s.Note = note(s.Program, x.Program)
		}
		return s, nil
	}
	return State{Place: x.own()}, nil
}

// entry is a desktop entry, as far as it matters here.
type entry struct {
	path  string
	lines []string          // as they are
	keys  map[string]string // of the group [Desktop Entry], unescaped
	made  bool              // by this package
}

// maxEntry bounds what is read of a file that starts something at login.
const maxEntry = 1 << 20

// readEntry reads a desktop entry. A missing one is told by fs.ErrNotExist.
func readEntry(path string) (entry, error) {
	e := entry{path: path, keys: map[string]string{}}
	data, err := plainfile.Read(path, maxEntry)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return e, err
	case err != nil:
		return e, failed("cannot read "+path, err)
	}
	e.lines = strings.SplitAfter(string(data), "\n")
	group := ""
	for _, line := range e.lines {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			group = line
		}
		if key, value, ok := strings.Cut(line, "="); ok && group == "[Desktop Entry]" {
			e.keys[strings.TrimSpace(key)] = unescape(strings.TrimSpace(value))
		}
	}
	e.made = e.keys[madeBy] == "true"
	return e, nil
}

// starts reports whether a login starts what the entry names.
func (e entry) starts() bool {
	return e.keys["Hidden"] != "true" && e.keys["X-GNOME-Autostart-enabled"] != "false" && e.keys["Exec"] != ""
}

func (e entry) program() string {
	words := splitExec(e.keys["Exec"])
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// with is the entry with every line as it was, but the one of a key.
func (e entry) with(key, value string) string {
	var b strings.Builder
	group := ""
	for _, line := range e.lines {
		text := strings.TrimSpace(line)
		if strings.HasPrefix(text, "[") {
			group = text
		}
		name, _, _ := strings.Cut(text, "=")
		if group == "[Desktop Entry]" && strings.TrimSpace(name) == key {
			continue
		}
		b.WriteString(line)
		if text == "[Desktop Entry]" {
			if !strings.HasSuffix(line, "\n") {
				b.WriteString("\n")
			}
			b.WriteString(key + "=" + value + "\n")
		}
	}
	return b.String()
}
