package form

import (
	"keyfob/auth"
	"keyfob/auth/wording"
)

// Judgement is what the engine says of a draft.
type Judgement struct {
	ID     string  `json:"id"`               // of the tool
	Faults []Fault `json:"faults,omitempty"` // what cannot be used; nothing was asked and nothing added then

	// How the provider fits, where it was asked.
	Verdict Verdict  `json:"verdict,omitempty"`
	Because []string `json:"because,omitempty"` // clauses
	Rows    []Row    `json:"rows,omitempty"`
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

// Row is one requirement that a provider was held against.
type Row struct {
	Name   string `json:"name"`
	Need   Need   `json:"need"`
	Result Result `json:"result"`
	Text   string `json:"text"` // a clause
}

// Verdict is how a provider fits, in a word.
type Verdict string

// The verdicts.
const (
	Compatible   Verdict = "compatible"
	Degraded     Verdict = "degraded"     // something recommended is missing
	Incompatible Verdict = "incompatible" // something required is missing
)

// Need says what a requirement means for the verdict.
type Need string

// The needs.
const (
	Required    Need = "required"
	Recommended Need = "recommended"
	Noted       Need = "noted" // worth knowing
)

// Result is how a requirement came out.
type Result string

// The results.
const (
	Met      Result = "ok"
	NotMet   Result = "failed"
	NotKnown Result = "unknown" // the provider does not publish it
)
