package autostart

import (
	"errors"

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
	if s.On && !replace && !named(s.Program, oldProgram) && !named(s.Program, trayProgram) && !sameFile(s.Program, r.Program) {
		return foreign(r.place())
	}
	if err := r.write(); err != nil {
		return err
	}
	return remove(approvedKey) // of an earlier off in the Task Manager
}

// Update implements [Starter].
func (r RunKey) Update() error {
	words, there, err := r.command()
	if err != nil || !there || len(words) != 1 || !outdated(words[0], r.Program) {
		return err // one with arguments is none of Keyfob's
	}
	return r.write()
}

// write has the value start this program.
func (r RunKey) write() error {
	k, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return failed("cannot write "+r.place(), err)
	}
	defer func() { _ = k.Close() }()
	if err := k.SetStringValue(runValue, windows.EscapeArg(r.Program)); err != nil {
		return failed("cannot write "+r.place(), err)
	}
	return nil
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
	words, there, err := r.command()
	switch {
	case err != nil || !there:
		return s, err
	case disabled():
		s.Place = `HKEY_CURRENT_USER\` + approvedKey + `\` + runValue
		return s, nil
	case len(words) == 0:
		s.Note = "it cannot be read; `keyfob autostart on --replace` writes it anew"
		return s, nil
	}
	s.On, s.Program = true, words[0]
	s.Note = note(s.Program, r.Program)
	return s, nil
}

// command is the value, taken apart into the words of a command line; none where
// that is not possible.
func (r RunKey) command() (words []string, there bool, err error) {
	k, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, failed("cannot read "+r.place(), err)
	}
	defer func() { _ = k.Close() }()
	command, _, err := k.GetStringValue(runValue)
	if errors.Is(err, registry.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, failed("cannot read "+r.place(), err)
	}
	if words, err = windows.DecomposeCommandLine(command); err != nil {
		words = nil
	}
	return words, true, nil
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
