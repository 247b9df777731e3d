package autostart

import (
	"errors"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Where Windows keeps what a login starts, and what the person has switched off
// of it in the Task Manager.
const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
	runValue    = "Keyfob"
)

// RunKey is the autostart of Windows: a value of the person's own registry.
type RunKey struct {
	Program string // the absolute path of the program to start
}

// Usual is the autostart of this system, for this program.
func Usual() (Starter, error) {
	self, err := Self()
	if err != nil {
		return nil, err
	}
	return RunKey{Program: self}, nil
}

func (RunKey) place() string { return `HKEY_CURRENT_USER\` + runKey + `\` + runValue }

// On implements [Starter].
func (r RunKey) On(replace bool) error {
	s, err := r.Status()
	if err != nil {
		return err
	}
	if s.On && !replace && !strings.EqualFold(base(s.Program), base(r.Program)) {
		return foreign(r.place())
	}
	k, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return failed("cannot write "+r.place(), err)
	}
	defer func() { _ = k.Close() }()
	if err := k.SetStringValue(runValue, windows.EscapeArg(r.Program)); err != nil {
		return failed("cannot write "+r.place(), err)
	}
	return remove(approvedKey) // of an earlier off in the Task Manager
}

// base is the name of a program without its folder.
func base(program string) string {
	return program[strings.LastIndexAny(program, `\/`)+1:]
}

// Off implements [Starter].
func (RunKey) Off() error { return errors.Join(remove(runKey), remove(approvedKey)) }

// remove deletes the program's value of a key, if there is one.
func remove(key string) error {
	k, err := registry.OpenKey(registry.CURRENT_USER, key, registry.SET_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failed(`cannot open HKEY_CURRENT_USER\`+key, err)
	}
	defer func() { _ = k.Close() }()
	if err := k.DeleteValue(runValue); err != nil && !errors.Is(err, registry.ErrNotExist) {
		return failed(`cannot write HKEY_CURRENT_USER\`+key, err)
	}
	return nil
}

// Status implements [Starter].
func (r RunKey) Status() (State, error) {
	s := State{Place: r.place()}
	k, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, failed("cannot read "+s.Place, err)
	}
	defer func() { _ = k.Close() }()
	command, _, err := k.GetStringValue(runValue)
	if errors.Is(err, registry.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, failed("cannot read "+s.Place, err)
	}
	if disabled() {
		s.Place = `HKEY_CURRENT_USER\` + approvedKey + `\` + runValue
		return s, nil
	}
	words, err := windows.DecomposeCommandLine(command)
	if err != nil || len(words) == 0 {
		s.Note = "it cannot be read; `keyfob autostart on --replace` writes it anew"
		return s, nil
	}
	s.On, s.Program = true, words[0]
	s.Note = note(s.Program, r.Program)
	return s, nil
}

// disabled reports whether the person switched it off in the Task Manager,
// which the lowest bit of the value's first byte says.
func disabled() bool {
	k, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer func() { _ = k.Close() }()
	data, _, err := k.GetBinaryValue(runValue)
	return err == nil && len(data) > 0 && data[0]&1 == 1
}
