package form

import "keyfob/auth"

// Import asks for the tools of ThingWorx's settings.
type Import struct {
	Path       string `json:"path"`
	Take       bool   `json:"take,omitempty"`        // add them; without it the answer says what would be added
	WithSecret bool   `json:"with_secret,omitempty"` // put client secrets into the keychain
}

// Imported is what became of a file of ThingWorx's settings, or would become:
// the one result for the command line and the window.
type Imported struct {
	File    string          `json:"file"` // its path
	Entries []ImportedEntry `json:"entries"`
	Slips   []Slip          `json:"slips,omitempty"`   // mistakes that were corrected
	Ignored []string        `json:"ignored,omitempty"` // sections that were passed over
	Secrets int             `json:"secrets,omitempty"` // how many client secrets stand in it that could be taken
}

// Added counts the tools that the file gives.
func (i Imported) Added() (n int) {
	for _, e := range i.Entries {
		if e.Tool != "" {
			n++
		}
	}
	return n
}

// Slip is a mistake in a file.
type Slip struct {
	Line int    `json:"line"` // from 1
	What string `json:"what"` // a clause
}

// ImportedEntry is what becomes of one server in the file.
type ImportedEntry struct {
	Name     string   `json:"name"`               // in the file
	Line     int      `json:"line"`               // from 1
	Tool     string   `json:"tool,omitempty"`     // the ID of the tool that it becomes; empty when it is left
	Title    string   `json:"title,omitempty"`    // the tool's name
	Why      string   `json:"why,omitempty"`      // why it is left, a clause
	Taken    []string `json:"taken,omitempty"`    // phrases
	Left     []string `json:"left,omitempty"`     // sentences
	Warnings []string `json:"warnings,omitempty"` // what was taken and is less safe than it could be, sentences

	Secret      ImportedSecret `json:"secret,omitempty"`       // what becomes of the client secret
	SecretFault *auth.Error    `json:"secret_fault,omitempty"` // why it could not be stored
}

// ImportedSecret is what becomes of a client secret in the file.
type ImportedSecret string

// What can become of it. Empty means that there is none to be taken.
const (
	SecretLeft   ImportedSecret = "left"   // it was not asked for, so it was not read
	SecretStored ImportedSecret = "stored" // in the keychain
	SecretFailed ImportedSecret = "failed" // it could not be stored
)
