package agent

import (
	"context"

	"keyfob/app/setup/form"
)

// Setup is what a person sets up in the window: tools, and how Keyfob itself
// behaves. The engine does all of it, since the window touches no file.
type Setup interface {
	Presets(ctx context.Context) ([]Preset, error)
	Recognise(ctx context.Context, address string) (Draft, error)
	Check(ctx context.Context, d Draft) (Judged, error)
	Add(ctx context.Context, d Draft) (Judged, error)
	Import(ctx context.Context, i Import) (Imported, error)
	Preferences(ctx context.Context) (Preferences, error)
	Change(ctx context.Context, c Change) (Preferences, error)
}

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

// answerSetup does one of the operations of s.
func answerSetup(ctx context.Context, s Setup, req request) (last reply, err error) {
	last.OK = true
	switch {
	case s == nil:
		err = noScreen()
	case req.Op == opPresets:
		last.Presets, err = s.Presets(ctx)
	case req.Op == opKnow:
		last.Draft, err = one(s.Recognise(ctx, req.Address))
	case req.Op == opCheck && req.Draft != nil:
		last.Judged, err = one(s.Check(ctx, *req.Draft))
	case req.Op == opAdd && req.Draft != nil:
		last.Judged, err = one(s.Add(ctx, *req.Draft))
	case req.Op == opImport && req.Import != nil:
		last.Imported, err = one(s.Import(ctx, *req.Import))
	case req.Op == opSettings:
		last.Preferences, err = one(s.Preferences(ctx))
	case req.Op == opChange && req.Change != nil:
		last.Preferences, err = one(s.Change(ctx, *req.Change))
	default:
		err = badRequest("the request lacks what it is about")
	}
	return last, err
}

func one[T any](v T, err error) (*T, error) { return &v, err }
