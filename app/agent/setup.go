package agent

import "keyfob/app/setup/form"

// The types of a setup, until every caller has them from where they are.
type (
	Preset         = form.Preset
	PresetField    = form.Field
	Draft          = form.Draft
	Judged         = form.Judgement
	Fault          = form.Fault
	Row            = form.Row
	Import         = form.ImportRequest
	Imported       = form.ImportResult
	Slip           = form.Slip
	ImportedEntry  = form.ImportEntry
	ImportedSecret = form.ImportedSecret
	Preferences    = form.Preferences
	Change         = form.Change
)
