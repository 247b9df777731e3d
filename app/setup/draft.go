package setup

import (
	"errors"
	"slices"
	"strings"

	"keyfob/app/config"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/provider"
)

// newTool is a draft that can be used.
type newTool struct {
	tool     auth.Tool
	settings []config.KeyValue
	secret   auth.Secret // none where none was given
}

// judge turns what was typed into settings and judges them as the file's are.
// Faults are for whoever typed, an error is about something else.
func (s Setup) judge(draft form.Draft) (newTool, form.Judgement, error) {
	have, err := config.LoadAll(s.Path, s.System)
	if err != nil {
		return newTool{}, form.Judgement{}, err
	}
	preset, ok := provider.Find(draft.Provider)
	if !ok {
		return newTool{}, form.Judgement{}, &auth.Error{
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

	judgement := form.Judgement{
		ID:     form.ToolID(values[form.KeyName], func(id string) bool { return have.Lines[id] > 0 }),
		Faults: emptyFields(preset, values),
	}
	out := newTool{settings: settingsOf(preset, values)}
	if given := values[form.KeySecret]; given != "" {
		if out.secret, err = CheckSecret(given); err != nil {
			judgement.Faults = append(judgement.Faults, form.Fault{Key: form.KeySecret, Err: auth.AsError(err)})
		}
	}
	if len(judgement.Faults) > 0 {
		return newTool{}, judgement, nil
	}
	out.tool, err = config.Try(s.Path, judgement.ID, out.settings)
	if f := (*provider.FieldError)(nil); errors.As(err, &f) {
		judgement.Faults = []form.Fault{faultOf(f)}
		return newTool{}, judgement, nil
	}
	return out, judgement, err
}

// emptyFields says which fields must not be empty.
func emptyFields(p provider.Preset, values map[string]string) (faults []form.Fault) {
	for _, f := range presetFields(p) {
		byIssuer := slices.ContainsFunc(p.Fields, func(own provider.Field) bool { return own.Key == f.Key }) &&
			values[form.KeyIssuer] != ""
		if values[f.Key] == "" && !f.Optional && !byIssuer {
			faults = append(faults, form.Fault{Key: f.Key, Err: &auth.Error{
				Kind: auth.KindUsage, Code: auth.CodeFieldEmpty, What: "this is needed", Who: auth.WhoYou,
			}})
		}
	}
	return faults
}

// faultOf is the fault of a setting at the field that it was typed into. The
// field's name stands there already, so the words need not begin with it.
func faultOf(f *provider.FieldError) form.Fault {
	e := *f.Err
	key := fieldOfSetting(f.Key)
	e.What = strings.TrimPrefix(e.What, key+": ")
	return form.Fault{Key: key, Err: &e}
}

// fieldOfSetting is the field that a setting was typed into, or empty for none.
func fieldOfSetting(key string) string {
	switch key {
	case "mandatory_scopes":
		return form.KeyScopes
	case "provider", "params":
		return ""
	}
	return key
}

// settingsOf are the settings of a draft, in the order of a settings file.
func settingsOf(p provider.Preset, values map[string]string) (all []config.KeyValue) {
	keys := []string{form.KeyName, form.KeyHome, "provider"}
	for _, f := range p.Fields {
		keys = append(keys, f.Key)
	}
	keys = append(keys, form.KeyIssuer, form.KeyClientID, form.KeyScopes, form.KeyAudience)
	for _, key := range keys {
		switch v := values[key]; {
		case key == "provider":
			all = append(all, config.KeyValue{Key: key, Value: p.ID})
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
			all = append(all, config.KeyValue{Key: key, Value: scopes})
		default:
			all = append(all, config.KeyValue{Key: key, Value: v})
		}
	}
	return all
}
