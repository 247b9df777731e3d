package setup

import (
	"context"

	"keyfob/app/setup/form"
	"keyfob/auth"
)

// Demo is [Setup] for the demo, which has no settings file: there is nothing to
// set up.
type Demo struct{}

func noFile() error {
	return &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeDemo,
		What: "the demo has no settings file",
		Do:   "quit it and start `keyfob` itself",
		Who:  auth.WhoYou,
	}
}

// Presets fails, as do the others.
func (Demo) Presets(context.Context) ([]form.Preset, error) { return nil, noFile() }

// Recognise fails.
func (Demo) Recognise(context.Context, string) (form.Draft, error) { return form.Draft{}, noFile() }

// Check fails.
func (Demo) Check(context.Context, form.Draft) (form.Judgement, error) {
	return form.Judgement{}, noFile()
}

// Add fails.
func (Demo) Add(context.Context, form.Draft) (form.Judgement, error) {
	return form.Judgement{}, noFile()
}

// Import fails.
func (Demo) Import(context.Context, form.ImportRequest) (form.ImportResult, error) {
	return form.ImportResult{}, noFile()
}

// Preferences fails.
func (Demo) Preferences(context.Context) (form.Preferences, error) {
	return form.Preferences{}, noFile()
}

// Change fails.
func (Demo) Change(context.Context, form.Change) (form.Preferences, error) {
	return form.Preferences{}, noFile()
}
