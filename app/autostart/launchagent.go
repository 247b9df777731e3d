package autostart

import (
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"keyfob/auth/plainfile"
)

// LaunchAgent is the autostart of macOS: a property list of launchd that is
// read at the next login.
type LaunchAgent struct {
	Program string // the absolute path of the program to start
	Dir     string // the person's folder of agents, ~/Library/LaunchAgents
}

// agentMade marks a property list that this package made.
const agentMade = "<!-- made by keyfob autostart on -->"

func (l LaunchAgent) file() string { return filepath.Join(l.Dir, "keyfob.plist") }

// On implements [Starter].
func (l LaunchAgent) On(replace bool) error {
	have, err := l.read()
	if err != nil {
		return err
	}
	if have != "" && !strings.Contains(have, agentMade) && !replace {
		return foreign(l.file())
	}
	program, err := escaped(l.Program)
	if err != nil {
		return failed("cannot write "+l.file(), err)
	}
	return write(l.file(), `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`+agentMade+`
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>keyfob</string>
	<key>ProgramArguments</key>
	<array>
		<string>`+program+`</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
`)
}

// Off implements [Starter]. An agent that Keyfob did not make stays, since
// launchd has no entry that is there and disabled but in its own database.
func (l LaunchAgent) Off() error {
	have, err := l.read()
	if err != nil || have == "" {
		return err
	}
	if !strings.Contains(have, agentMade) {
		return foreign(l.file())
	}
	if err := os.Remove(l.file()); err != nil {
		return failed("cannot remove "+l.file(), err)
	}
	return nil
}

// Update implements [Starter].
func (l LaunchAgent) Update() error {
	have, err := l.read()
	if err != nil || !strings.Contains(have, agentMade) {
		return err
	}
	program, ok := agentProgram(have)
	if !ok || !outdated(program, l.Program) {
		return nil
	}
	before, err := escaped(program)
	if err != nil {
		return failed("cannot write "+l.file(), err)
	}
	after, err := escaped(l.Program)
	if err != nil {
		return failed("cannot write "+l.file(), err)
	}
	return write(l.file(), strings.Replace(have, "<string>"+before+"</string>", "<string>"+after+"</string>", 1))
}

// Status implements [Starter].
func (l LaunchAgent) Status() (State, error) {
	s := State{Place: l.file()}
	have, err := l.read()
	if err != nil || have == "" {
		return s, err
	}
	program, ok := agentProgram(have)
	if !ok {
		s.Note = "it cannot be read; `keyfob autostart on --replace` writes it anew"
		return s, nil
	}
	s.On, s.Program = true, program
	s.Note = note(s.Program, l.Program)
	return s, nil
}

// escaped is a text as it stands in a property list.
func escaped(text string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(text))
	return b.String(), err
}

// agentProgram is the program that a property list starts.
func agentProgram(text string) (program string, ok bool) {
	var list struct {
		Program []string `xml:"dict>array>string"`
	}
	if err := xml.Unmarshal([]byte(text), &list); err != nil || len(list.Program) == 0 {
		return "", false
	}
	return list.Program[0], true
}

// read returns the property list, or nothing where there is none.
func (l LaunchAgent) read() (string, error) {
	data, err := plainfile.Read(l.file(), maxEntry)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", failed("cannot read "+l.file(), err)
	}
	return string(data), nil
}
