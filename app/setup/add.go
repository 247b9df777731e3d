package setup

import (
	"context"

	"keyfob/app/check"
	"keyfob/app/config"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/oidc"
)

// Check asks the provider of a draft how it fits, and writes nothing.
func (s Setup) Check(ctx context.Context, draft form.Draft) (form.Judgement, error) {
	use, judgement, err := s.judge(draft)
	if err != nil || len(judgement.Faults) > 0 {
		return judgement, err
	}
	http, err := oidc.NewHTTPClient(use.tool.CAFile)
	if err != nil {
		return judgement, err
	}
	found, err := check.Provider(ctx, &oidc.Client{HTTP: http, Now: s.Now}, use.tool, nil)
	if err != nil {
		return judgement, err
	}
	judgement.Verdict, judgement.Because, judgement.Rows = found.Verdict, found.Because, found.Rows
	return judgement, nil
}

// Add writes a draft into the settings and takes them over at once, so that the
// tool is there when the answer is. Faults in the answer say that nothing was
// written.
func (s Setup) Add(ctx context.Context, draft form.Draft) (form.Judgement, error) {
	use, judgement, err := s.judge(draft)
	if err != nil || len(judgement.Faults) > 0 {
		return judgement, err
	}
	if use.secret != "" { // first: a tool without its secret cannot sign in
		if err := s.Secrets.SaveSecret(ctx, use.tool, use.secret); err != nil {
			return judgement, err
		}
	}
	if err := config.AddTable(ctx, s.Path, judgement.ID, use.settings); err != nil {
		if use.secret != "" {
			_ = s.Secrets.DeleteSecret(ctx, judgement.ID) // nothing would ever use it
		}
		return judgement, err
	}
	s.Reload(ctx)
	return judgement, nil
}

// AddTool writes a tool into the settings file at path and returns it as it
// takes effect.
func AddTool(ctx context.Context, path, id string, settings []config.KeyValue) (auth.Tool, error) {
	if err := config.AddTable(ctx, path, id, settings); err != nil {
		return auth.Tool{}, err
	}
	have, err := config.Load(path)
	if err != nil {
		return auth.Tool{}, err
	}
	return FindTool(have, id)
}

// FindTool returns a tool of the settings that can be used, or says why there is
// none.
func FindTool(have *config.Settings, id string) (auth.Tool, error) {
	for _, t := range have.Tools {
		if t.ID == id {
			return t, nil
		}
	}
	for _, b := range have.Bad {
		if b.ID == id {
			return auth.Tool{}, b.Err
		}
	}
	return auth.Tool{}, &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeUnknownTool,
		What: "there is no tool " + auth.Quote(id) + " in " + have.Path,
		Do:   "run `keyfob tools list` to see the tools",
		Who:  auth.WhoYou,
	}
}
