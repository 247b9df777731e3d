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
	var program strings.Builder
	if err := xml.EscapeText(&program, []byte(l.Program)); err != nil {
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
		<string>`+program.String()+`</string>
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

// Status implements [Starter].
func (l LaunchAgent) Status() (State, error) {
	s := State{Place: l.file()}
	have, err := l.read()
	if err != nil || have == "" {
		return s, err
	}
	var list struct {
		Program []string `xml:"dict>array>string"`
	}
	if err := xml.Unmarshal([]byte(have), &list); err != nil || len(list.Program) == 0 {
		s.Note = "it cannot be read; `keyfob autostart on --replace` writes it anew"
		return s, nil
	}
	s.On, s.Program = true, list.Program[0]
	s.Note = note(s.Program, l.Program)
	return s, nil
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
