package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"keyfob/app/agent"
	"keyfob/app/check"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/provider"
)

// setup is what a person sets up in the window. The demo has no settings file,
// so there is nothing to set up.
func (d *desk) setup() agent.Setup {
	if d.path == "" {
		return noSetup{&auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeDemo,
			What: "the demo has no settings file",
			Do:   "quit it and start `keyfob` itself",
			Who:  auth.WhoYou,
		}}
	}
	return deskSetup{d}
}

// deskSetup is [agent.Setup] on a settings file.
type deskSetup struct{ d *desk }

func (s deskSetup) Presets(context.Context) ([]agent.Preset, error) { return presets(), nil }

func (s deskSetup) Recognise(ctx context.Context, address string) (agent.Draft, error) {
	return recognise(ctx, address)
}

func (s deskSetup) Check(ctx context.Context, d agent.Draft) (agent.Judged, error) {
	return s.d.checkDraft(ctx, d)
}

func (s deskSetup) Add(ctx context.Context, d agent.Draft) (agent.Judged, error) {
	return s.d.addDraft(ctx, d)
}

func (s deskSetup) Import(ctx context.Context, i agent.Import) (agent.Imported, error) {
	return s.d.importFile(ctx, i)
}

func (s deskSetup) Preferences(ctx context.Context) (agent.Preferences, error) {
	return s.d.preferences(ctx)
}

func (s deskSetup) Change(ctx context.Context, c agent.Change) (agent.Preferences, error) {
	return s.d.changePreference(ctx, c)
}

// noSetup is [agent.Setup] where there is nothing to set up.
type noSetup struct{ why error }

func (n noSetup) Presets(context.Context) ([]agent.Preset, error) { return nil, n.why }

func (n noSetup) Recognise(context.Context, string) (d agent.Draft, err error) { return d, n.why }

func (n noSetup) Check(context.Context, agent.Draft) (j agent.Judged, err error) { return j, n.why }

func (n noSetup) Add(context.Context, agent.Draft) (j agent.Judged, err error) { return j, n.why }

func (n noSetup) Import(context.Context, agent.Import) (i agent.Imported, err error) { return i, n.why }

func (n noSetup) Preferences(context.Context) (p agent.Preferences, err error) { return p, n.why }

func (n noSetup) Change(context.Context, agent.Change) (p agent.Preferences, err error) {
	return p, n.why
}

// drafted is a draft that can be used.
type drafted struct {
	tool     auth.Tool
	settings []config.Setting
	secret   auth.Secret // none where none was given
}

// read turns what was typed into settings and judges them as the file's are.
// Faults are for whoever typed, an error is about something else.
func (d *desk) read(draft agent.Draft) (drafted, agent.Judged, error) {
	have, err := config.LoadAll(d.path, d.host.system)
	if err != nil {
		return drafted{}, agent.Judged{}, err
	}
	preset, ok := provider.Find(draft.Provider)
	if !ok {
		return drafted{}, agent.Judged{}, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeUnknownProvider,
			What: "keyfob knows no provider " + auth.Quote(draft.Provider),
			Do:   "choose another",
			Who:  auth.WhoYou,
		}
	}
	values := map[string]string{}
	for key, v := range draft.Values {
		values[key] = strings.TrimSpace(v)
	}
	// People paste the address of the metadata, which holds the issuer.
	values[form.KeyIssuer] = auth.IssuerAt(values[form.KeyIssuer])

	judged := agent.Judged{
		ID:     form.ToolID(values[form.KeyName], func(id string) bool { return have.Lines[id] > 0 }),
		Faults: missing(preset, values),
	}
	out := drafted{settings: draftSettings(preset, values)}
	if s := values[form.KeySecret]; s != "" {
		if out.secret, err = manage.CheckSecret(s); err != nil {
			judged.Faults = append(judged.Faults, fault(form.KeySecret, auth.AsError(err)))
		}
	}
	if len(judged.Faults) > 0 {
		return drafted{}, judged, nil
	}
	out.tool, err = config.Try(d.path, judged.ID, out.settings)
	if f := (*provider.FieldError)(nil); errors.As(err, &f) {
		judged.Faults = []agent.Fault{fault(fieldOf(f.Key), f.Err)}
		return drafted{}, judged, nil
	}
	return out, judged, err
}

// missing says which fields must not be empty.
func missing(p provider.Preset, values map[string]string) (faults []agent.Fault) {
	for _, f := range presetFields(p) {
		byIssuer := slices.ContainsFunc(p.Fields, func(own provider.Field) bool { return own.Key == f.Key }) &&
			values[form.KeyIssuer] != ""
		if values[f.Key] == "" && !f.Optional && !byIssuer {
			faults = append(faults, agent.Fault{Key: f.Key, Text: "This is needed."})
		}
	}
	return faults
}

// fault says in a sentence what is wrong with a field, whose name stands there
// already.
func fault(key string, e *auth.Error) agent.Fault {
	text := strings.TrimPrefix(e.What, key+": ")
	if e.Do != "" {
		text += ": " + e.Do
	}
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if !strings.HasSuffix(text, "?") {
		text += "."
	}
	return agent.Fault{Key: key, Text: text}
}

// fieldOf is the field that a setting was typed into.
func fieldOf(key string) string {
	switch key {
	case "mandatory_scopes":
		return form.KeyScopes
	case "provider", "params":
		return ""
	}
	return key
}

// draftSettings are the settings of a draft, in the order of a settings file.
func draftSettings(p provider.Preset, values map[string]string) (all []config.Setting) {
	keys := []string{form.KeyName, form.KeyHome, "provider"}
	for _, f := range p.Fields {
		keys = append(keys, f.Key)
	}
	keys = append(keys, form.KeyIssuer, form.KeyClientID, form.KeyScopes, form.KeyAudience)
	for _, key := range keys {
		switch v := values[key]; {
		case key == "provider":
			all = append(all, config.Setting{Key: key, Value: p.ID})
		case v == "":
		case key == form.KeyScopes:
			// What was typed is wanted beside the usual, not instead: without
			// that a session would not renew.
			scopes := slices.Clone(p.Scopes)
			for _, s := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r <= ' ' }) {
				if !slices.Contains(scopes, s) {
					scopes = append(scopes, s)
				}
			}
			all = append(all, config.Setting{Key: key, Value: scopes})
		default:
			all = append(all, config.Setting{Key: key, Value: v})
		}
	}
	return all
}

// checkDraft asks the provider of a draft.
func (d *desk) checkDraft(ctx context.Context, draft agent.Draft) (agent.Judged, error) {
	use, judged, err := d.read(draft)
	if err != nil || len(judged.Faults) > 0 {
		return judged, err
	}
	client, err := newClients(d.host.now, nil).get(use.tool)
	if err != nil {
		return judged, err
	}
	report, err := check.Provider(ctx, client, use.tool, nil)
	if err != nil {
		return judged, err
	}
	judged.Verdict, judged.Because = string(report.Verdict), report.Because
	for _, r := range report.Rows {
		judged.Rows = append(judged.Rows, agent.Row{Name: r.Name, Need: string(r.Need), Result: string(r.Result), Text: r.Text})
	}
	return judged, nil
}

// addDraft writes a draft into the settings and takes them over at once, so
// that the tool is there when the answer is.
func (d *desk) addDraft(ctx context.Context, draft agent.Draft) (agent.Judged, error) {
	use, judged, err := d.read(draft)
	if err != nil || len(judged.Faults) > 0 {
		return judged, err
	}
	k := d.host.holdings(d.path, d.dir)
	if use.secret != "" { // first: a tool without its secret cannot sign in
		if err := k.SaveSecret(ctx, use.tool, use.secret); err != nil {
			return judged, err
		}
	}
	if err := config.AddSettings(ctx, d.path, judged.ID, use.settings); err != nil {
		if use.secret != "" {
			_ = k.DeleteSecret(ctx, judged.ID) // nothing would ever use it
		}
		return judged, err
	}
	d.reload(ctx)
	return judged, nil
}
