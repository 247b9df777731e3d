package agent

import "keyfob/app/setup/form"

// The types of a setup, until every caller has them from where they are.
type (
	Preset         = form.Preset
	PresetField    = form.Field
	Draft          = form.Draft
	Judged         = form.Judged
	Fault          = form.Fault
	Row            = form.Row
	Import         = form.Import
	Imported       = form.Imported
	Slip           = form.Slip
	ImportedEntry  = form.ImportedEntry
	ImportedSecret = form.ImportedSecret
	Preferences    = form.Preferences
	Change         = form.Change
)
