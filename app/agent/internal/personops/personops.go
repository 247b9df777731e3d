// Package personops holds the operations of programs with windows. They are apart
// from package wire, since a command that prints a token does without them.
package personops

import (
	"keyfob/app/agent/internal/wire"
	"keyfob/app/setup/form"
	"keyfob/auth/inspect"
)

// What a person looks at and sets up in the window.
const (
	OpInspect   wire.Op[wire.ToolRequest, InspectReply]  = wire.Inspect // what a tool's tokens say, without them
	OpPresets   wire.Op[wire.Nothing, PresetsReply]      = "presets"    // the providers that are known
	OpRecognise wire.Op[RecogniseRequest, DraftReply]    = "know"       // what the address of a sign-in page tells
	OpCheck     wire.Op[DraftRequest, JudgementReply]    = "check"      // how the provider of a draft fits
	OpAdd       wire.Op[DraftRequest, JudgementReply]    = "add"        // writes a draft into the settings
	OpImport    wire.Op[ImportRequest, ImportReply]      = "import"     // tools out of ThingWorx's settings
	OpSettings  wire.Op[wire.Nothing, PreferencesReply]  = "settings"   // how Keyfob behaves
	OpChange    wire.Op[ChangeRequest, PreferencesReply] = "change"     // changes that
)

// InspectReply holds what the tokens say.
type InspectReply struct {
	Inspection *inspect.Inspection `json:"inspection,omitempty"`
}

// PresetsReply holds the providers in the order in which people are told of them.
type PresetsReply struct {
	Presets []form.Preset `json:"presets,omitempty"`
}

// RecogniseRequest asks about the address of a sign-in page.
type RecogniseRequest struct {
	Address string `json:"address,omitempty"`
}

// DraftReply holds a draft.
type DraftReply struct {
	Draft *form.Draft `json:"draft,omitempty"`
}

// DraftRequest asks for something to be done with a draft.
type DraftRequest struct {
	Draft form.Draft `json:"draft"`
}

// JudgementReply holds what there is to say of a draft.
type JudgementReply struct {
	Judged *form.Judgement `json:"judged,omitempty"`
}

// ImportRequest names a file and says what to do with it.
type ImportRequest struct {
	Import form.ImportRequest `json:"import"`
}

// ImportReply holds what became of the file.
type ImportReply struct {
	Imported *form.ImportResult `json:"imported,omitempty"`
}

// ChangeRequest asks for a preference to be changed.
type ChangeRequest struct {
	Change form.Change `json:"change"`
}

// PreferencesReply holds how Keyfob behaves.
type PreferencesReply struct {
	Preferences *form.Preferences `json:"preferences,omitempty"`
}
