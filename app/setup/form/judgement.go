package form

import (
	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/wording"
)

// Judgement is what the engine says of a draft.
type Judgement struct {
	ID     string  `json:"id"`               // of the tool
	Faults []Fault `json:"faults,omitempty"` // what cannot be used; nothing was asked and nothing added then

	// How the provider fits, where it was asked.
	Verdict report.Verdict `json:"verdict,omitempty"`
	Because []string       `json:"because,omitempty"` // clauses
	Rows    []report.Row   `json:"rows,omitempty"`
}

// Fault is what is wrong with a field of a draft.
type Fault struct {
	Key string      `json:"key"` // empty for the draft as a whole
	Err *auth.Error `json:"error"`
}

// Text says in a sentence what is wrong, without the field's name, which stands
// there already.
func (f Fault) Text() string {
	if f.Err == nil {
		return "" // of an engine that does not say
	}
	text := f.Err.What
	if f.Err.Do != "" {
		text += ": " + f.Err.Do
	}
	return wording.Sentence(text)
}
