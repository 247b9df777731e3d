package window

import (
	"slices"
	"strings"

	"keyfob/app/check/report"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/wording"
	"keyfob/tray/window/widget"
)

// addState is what is known while a person fills in a tool.
type addState struct {
	preset form.Preset
	values map[string]string // as typed, by field
	faults map[string]string // sentences, by field; "" is the draft as a whole
	taken  []string          // the IDs of the tools that are there

	busy    addBusy
	saving  bool            // the check under way is ahead of saving
	judged  *form.Judgement // how the provider fits what is typed now; nil while nobody asked
	problem *auth.Error     // why that could not be found out, or why it was not saved
}

// addBusy is what the engine is asked for.
type addBusy int

// What the engine is asked for.
const (
	addIdle addBusy = iota
	addChecking
	addSaving
)

// addModel is a form as it is shown.
type addModel struct {
	Fields    []addField
	Wrong     string // about the draft as a whole
	Register  string // a heading
	Redirects []string
	Notes     []string    // sentences
	Check     *checkModel // nil while nobody asked
	Status    string      // what goes on, or what to know before pressing a button
	Busy      bool
	CheckWord string
	SaveWord  string
}

// addField is a field of the form.
type addField struct {
	Key, Label, Hint, Example string
	Note                      string // small, below the field
	Fault                     string
	Secret                    bool
	Begins                    string // a heading above the field, where a part of the form begins
}

// checkModel is how the provider fits.
type checkModel struct {
	Mark    widget.Mark
	Verdict string
	More    string
	Rows    []checkRow
}

// checkRow is one requirement.
type checkRow struct {
	Mark       widget.Mark
	Name, Text string
}

// Equal reports whether two checks read the same.
func (m *checkModel) Equal(o *checkModel) bool {
	if m == nil || o == nil {
		return m == o
	}
	return m.Mark == o.Mark && m.Verdict == o.Verdict && m.More == o.More && slices.Equal(m.Rows, o.Rows)
}

// fits reports whether the provider was asked and is good enough.
func (s *addState) fits() bool { return s.judged != nil && s.judged.Verdict != report.Incompatible }

// refused reports whether the person knows that the check failed, so that
// saving goes on without another.
func (s *addState) refused() bool {
	return s.problem != nil || s.judged != nil && s.judged.Verdict == report.Incompatible
}

// typed takes in a change of a field. What the provider said holds no longer,
// unless the change is none of its business.
func (s *addState) typed(key, value string) {
	s.values[key] = value
	delete(s.faults, key)
	delete(s.faults, "")
	if key != form.KeyName && key != form.KeyHome && key != form.KeySecret {
		s.judged, s.problem = nil, nil
	}
}

// takeFaults takes in what the engine cannot use, and returns the first field of
// that.
func (s *addState) takeFaults(faults []form.Fault) (first string) {
	s.faults = map[string]string{}
	for _, f := range faults {
		s.faults[f.Key] = f.Text()
	}
	for _, f := range s.preset.Fields {
		if s.faults[f.Key] != "" {
			return f.Key
		}
	}
	return ""
}

// addView is the form in words.
func addView(s *addState) addModel {
	m := addModel{CheckWord: "Check", SaveWord: "Save", Busy: s.busy != addIdle}
	optional := false
	for _, f := range s.preset.Fields {
		shown := addField{
			Key:     f.Key,
			Label:   auth.Line(f.Label, 40),
			Hint:    auth.Line(f.Help, 120),
			Example: auth.Line(f.Example, 80),
			Fault:   s.faults[f.Key],
			Secret:  f.Secret,
		}
		if f.Optional && !optional {
			optional = true
			shown.Begins = "If you like"
		}
		if f.Key == form.KeyName && strings.TrimSpace(s.values[f.Key]) != "" {
			shown.Note = "On the command line: " + form.ToolID(
				s.values[f.Key],
				func(id string) bool { return slices.Contains(s.taken, id) },
			)
		}
		m.Fields = append(m.Fields, shown)
	}
	m.Wrong = s.faults[""]
	m.Register = "To be set up at the provider, once"
	for _, r := range s.preset.RedirectsFor(s.values) {
		m.Redirects = append(m.Redirects, auth.Line(r, 120))
	}
	for _, n := range s.preset.Notes {
		m.Notes = append(m.Notes, auth.Line(n, 400))
	}
	switch {
	case s.busy == addChecking:
		m.Status = "Asking the provider… Esc stops it."
	case s.busy == addSaving:
		m.Status = "Saving…"
	case len(s.faults) > 0:
		m.Status = "Something is missing or cannot be used."
	case s.refused():
		m.SaveWord, m.Status = "Save anyway", "The check failed. Fix the fields, or save anyway."
	}
	if s.busy == addIdle && (s.judged != nil || s.problem != nil) {
		m.CheckWord = "Check again"
	}
	m.Check = checkView(s)
	return m
}

// checkView tells how the provider fits, or nothing while nobody asked.
func checkView(s *addState) *checkModel {
	if s.problem != nil {
		return &checkModel{Mark: widget.MarkBad, Verdict: wording.Explain(s.problem)}
	}
	if s.judged == nil {
		return nil
	}
	m := &checkModel{}
	switch s.judged.Verdict {
	case report.Incompatible:
		m.Mark, m.Verdict, m.More = widget.MarkBad, "This will not work.", because(s.judged.Because)
	case report.Degraded:
		m.Mark, m.Verdict, m.More = widget.MarkWeak, "This works, with limits.", because(s.judged.Because)
	default:
		m.Mark, m.Verdict, m.More = widget.MarkGood, "This provider fits.", "Whether it knows the client ID shows when you sign in."
	}
	for _, r := range s.judged.Rows {
		m.Rows = append(m.Rows, checkRow{Mark: markOf(r), Name: wording.Capital(auth.Line(r.Name, 40)), Text: auth.Line(r.Text, 300)})
	}
	return m
}

func because(clauses []string) string {
	var all []string
	for _, c := range clauses {
		all = append(all, wording.Sentence(c))
	}
	return strings.Join(all, " ")
}

func markOf(r report.Row) widget.Mark {
	switch {
	case r.Result == report.OK:
		return widget.MarkGood
	case r.Result == report.Unknown:
		return widget.MarkUnknown
	case r.Need == report.Required:
		return widget.MarkBad
	case r.Need == report.Recommended:
		return widget.MarkWeak
	}
	return widget.MarkNote
}
