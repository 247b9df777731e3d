package window

import (
	"fmt"
	"strings"

	"keyfob/app/agent"
	"keyfob/auth"
)

// importState is what is known while a person imports ThingWorx's settings.
type importState struct {
	path    string
	secrets bool // are to be kept
	busy    bool
	got     *agent.Imported // what is in the file, or what was taken of it
	done    bool            // it was taken
	problem *auth.Error
}

// importModel is the page in words.
type importModel struct {
	Entries []importRow
	Secrets string // what the box to tick says; empty where there is none
	Wrong   string
	Status  string
	Button  string // what goes on from here; empty while nothing does
}

// importRow is what becomes of one server in the file.
type importRow struct {
	Mark  checkMark
	Name  string
	Facts []string // sentences
}

// The words above the file's name.
const (
	importHeading = "Take over what ThingWorx knows"
	importAdvice  = "Its sso-settings.json, or platform-settings.json, names the provider and the client. Nothing is changed in the file, and no password in it is kept."
)

// tools counts the tools that the file gives.
func (s *importState) tools() (n int) {
	if s.got != nil {
		for _, e := range s.got.Entries {
			if e.Tool != "" {
				n++
			}
		}
	}
	return n
}

// importView is the page in words.
func importView(s *importState) (m importModel) {
	if s.problem != nil {
		m.Wrong = explain(s.problem)
	}
	n := s.tools()
	switch {
	case s.busy && s.got != nil:
		m.Status = "Importing…"
	case s.busy:
		m.Status = "Reading the file…"
	case s.got == nil:
		m.Status = "Nothing is added yet: first you see what would be."
	case s.done:
		m.Status, m.Button = "Added "+countTools(n)+".", "Show tools"
	case n > 0:
		m.Button = "Import " + countTools(n)
	default:
		m.Wrong = "Nothing in this file can be imported. Fill in what is missing there, or go back and add the tool by hand."
	}
	if s.got == nil {
		return m
	}
	if !s.done && n > 0 && s.got.Secrets > 0 {
		m.Secrets = "Keep the client secrets too, in this computer's keychain"
	}
	for _, e := range s.got.Entries {
		r := importRow{Mark: markGood, Name: fmt.Sprintf("%s (line %d)", plain(e.Name, 60), e.Line)}
		if e.Tool == "" {
			r.Mark, r.Facts = markWeak, []string{"Left: " + period(plain(e.Why, 300))}
			m.Entries = append(m.Entries, r)
			continue
		}
		becomes := "Becomes"
		if s.done {
			becomes = "Became"
		}
		r.Facts = append(r.Facts, becomes+" the tool "+plain(e.Title, 80)+".")
		if len(e.Taken) > 0 {
			r.Facts = append(r.Facts, "Taken: "+period(plain(strings.Join(e.Taken, ", "), 300)))
		}
		for _, l := range e.Left {
			r.Facts = append(r.Facts, "To know: "+period(plain(l, 400)))
		}
		m.Entries = append(m.Entries, r)
	}
	for _, p := range s.got.Passed {
		m.Entries = append(m.Entries, importRow{Mark: markNote, Name: "A slip was passed over", Facts: []string{sentence(p)}})
	}
	return m
}

func countTools(n int) string {
	if n == 1 {
		return "1 tool"
	}
	return fmt.Sprintf("%d tools", n)
}
