package window

import (
	"fmt"
	"slices"
	"strings"

	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// importState is what is known while a person imports ThingWorx's settings.
type importState struct {
	path    string
	secrets bool // are to be kept
	busy    bool
	got     *form.ImportResult // what is in the file, or what was taken of it
	done    bool               // it was taken
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
	Mark  widget.Mark
	Name  string
	Facts []string // sentences
}

// sameEntries reports whether two pages have the same entries.
func (m importModel) sameEntries(o importModel) bool {
	return slices.EqualFunc(m.Entries, o.Entries, func(a, b importRow) bool {
		return a.Mark == b.Mark && a.Name == b.Name && slices.Equal(a.Facts, b.Facts)
	})
}

// The words above the file's name.
const (
	importHeading = "Take over what ThingWorx knows"
	importAdvice  = "Its sso-settings.json, or platform-settings.json, names the provider and the client. " +
		"Nothing is changed in the file, and no password in it is kept."
)

// tools counts the tools that the file gives.
func (s *importState) tools() int {
	if s.got == nil {
		return 0
	}
	return s.got.Added()
}

// importView is the page in words.
func importView(s *importState) (m importModel) {
	if s.problem != nil {
		m.Wrong = wording.Explain(s.problem)
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
	if !s.done && n > 0 && s.got.SecretsLeft() > 0 {
		m.Secrets = "Keep the client secrets too, in this computer's keychain"
	}
	for _, e := range s.got.Entries {
		r := importRow{Mark: widget.MarkGood, Name: fmt.Sprintf("%s (line %d)", auth.Line(e.Name, 60), e.Line)}
		if !e.Added() {
			r.Mark, r.Facts = widget.MarkWeak, []string{"Left: " + wording.Period(auth.Line(e.Skipped.Text(e.Tool), 300))}
			m.Entries = append(m.Entries, r)
			continue
		}
		becomes := "Becomes"
		if s.done {
			becomes = "Became"
		}
		r.Facts = append(r.Facts, becomes+" the tool "+auth.Line(e.Title, 80)+".")
		var taken []string
		for _, t := range e.Taken {
			taken = append(taken, t.Text())
		}
		if len(taken) > 0 {
			r.Facts = append(r.Facts, "Taken: "+wording.Period(auth.Line(strings.Join(taken, ", "), 300)))
		}
		for _, remark := range e.Remarks {
			if remark.Warns() {
				r.Mark = widget.MarkWeak
				r.Facts = append(r.Facts, "Warning: "+wording.Period(auth.Line(remark.Text(e.Tool), 400)))
			}
		}
		for _, remark := range e.Remarks {
			if !remark.Warns() {
				r.Facts = append(r.Facts, "To know: "+wording.Period(auth.Line(remark.Text(e.Tool), 400)))
			}
		}
		if fact := importedSecret(e, s.done); fact != "" {
			r.Facts = append(r.Facts, fact)
		}
		m.Entries = append(m.Entries, r)
	}
	for _, p := range s.got.Slips {
		m.Entries = append(
			m.Entries,
			importRow{
				Mark:  widget.MarkNote,
				Name:  "A slip was passed over",
				Facts: []string{fmt.Sprintf("Line %d: %s", p.Line, wording.Period(auth.Line(p.Text(), 300)))},
			},
		)
	}
	if len(s.got.Ignored) > 0 {
		m.Entries = append(m.Entries, importRow{Mark: widget.MarkNote, Name: "Other sections were passed over", Facts: []string{
			wording.Period(auth.Line(strings.Join(s.got.Ignored, ", "), 300)), "Passwords in there were not kept.",
		}})
	}
	return m
}

// importedSecret says what becomes of an entry's client secret.
func importedSecret(e form.ImportEntry, done bool) string {
	switch {
	case e.Secret == form.SecretLeft && !done:
		return "To know: clientSecret is left unless you tick the box below; this client cannot sign in without it."
	case e.Secret == form.SecretLeft:
		return "To know: clientSecret was not read: `keyfob tools secret " + e.Tool + "` stores it in the keychain."
	case e.Secret == form.SecretFailed:
		return "To know: clientSecret could not be stored. " + wording.Explain(e.SecretFault)
	case e.Secret == form.SecretStored:
		return "Taken: clientSecret, into the keychain."
	}
	return ""
}

func countTools(n int) string {
	if n == 1 {
		return "1 tool"
	}
	return fmt.Sprintf("%d tools", n)
}
