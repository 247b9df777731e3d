// Package report holds what a check of a provider found. It is types alone, so
// that whoever shows a check links nothing that asks a provider. It must never ask or judge one itself.
package report

// Need says what a row means for the verdict.
type Need string

// The needs.
const (
	Required    Need = "required"    // without it the provider is incompatible
	Recommended Need = "recommended" // without it something works less well
	Noted       Need = "noted"       // worth knowing
)

// Result is how a row came out.
type Result string

// The results.
const (
	OK      Result = "ok"
	Failed  Result = "failed"
	Unknown Result = "unknown" // the provider does not publish it
)

// Row is one requirement.
type Row struct {
	Name   string `json:"name"`
	Need   Need   `json:"need"`
	Result Result `json:"result"`
	Text   string `json:"text"` // why, as a clause that may follow "because"
}

// Verdict is the whole in a word.
type Verdict string

// The verdicts.
const (
	Compatible   Verdict = "compatible"
	Degraded     Verdict = "degraded"     // a recommended row failed
	Incompatible Verdict = "incompatible" // a required row failed
)

// Report is the whole of it.
type Report struct {
	Tool    string   `json:"tool,omitempty"`
	Issuer  string   `json:"issuer"`
	Verdict Verdict  `json:"verdict"`
	Because []string `json:"because,omitempty"` // the texts of the rows that decided it
	Rows    []Row    `json:"rows"`
}
