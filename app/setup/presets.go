package setup

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/provider"
)

// Presets are the providers as somebody who adds a tool meets them.
func (Setup) Presets(context.Context) ([]form.Preset, error) { return presets(), nil }

func presets() (all []form.Preset) {
	for _, p := range provider.All() {
		all = append(all, form.Preset{
			ID: p.ID, Name: cmp.Or(p.InList, p.Name), Known: p.Known,
			Fields: presetFields(p), Redirects: p.Redirects(""), Notes: p.Notes,
		})
	}
	return all
}

// presetFields are what a person may give for a tool of the preset, in the
// order of asking: what is needed, then the rest.
func presetFields(p provider.Preset) []form.Field {
	fields := []form.Field{
		{Key: form.KeyName, Label: "Name", Example: "ThingWorx Plant 4", Help: "as it is to stand in the menu"},
	}
	if p.Issuer.Label != "" && !p.Issuer.Optional {
		fields = append(fields, shownField(p.Issuer))
	}
	var optional []form.Field
	for _, f := range p.Fields {
		switch {
		case f.Implied:
		case f.Optional:
			optional = append(optional, shownField(f))
		default:
			fields = append(fields, shownField(f))
		}
	}
	fields = append(fields, form.Field{
		Key: form.KeyClientID, Label: "Client ID", Example: cmp.Or(p.ClientIDExample, "keyfob"),
		Help: "from whoever registered Keyfob at the provider",
	})
	if p.ClientAuth.NeedsSecret() {
		fields = append(fields, form.Field{
			Key: form.KeySecret, Label: "Client secret", Help: "kept in this computer's keychain, not in a file", Secret: true,
		})
	}
	fields = append(fields, form.Field{
		Key: form.KeyHome, Label: "Home page", Example: "https://thingworx.example.com/Thingworx",
		Help: "what Keyfob opens for this tool", Optional: true,
	})
	fields = append(append(fields, optional...), scopesField(p))
	for _, f := range []provider.Field{p.Audience, p.Issuer} {
		if f.Label != "" && f.Optional {
			fields = append(fields, shownField(f))
		}
	}
	return fields
}

// shownField is a preset's field in a form.
func shownField(f provider.Field) form.Field {
	return form.Field{Key: f.Key, Label: f.Label, Example: f.Example, Help: f.Help, Optional: f.Optional, Host: f.Host}
}

// scopesField asks for scopes beside the usual ones.
func scopesField(p provider.Preset) form.Field {
	f := form.Field{
		Key:      form.KeyScopes,
		Label:    "More scopes",
		Example:  cmp.Or(p.ScopeExample, "api/read"),
		Help:     "asked for beside " + strings.Join(p.Scopes, ", "),
		Value:    p.MoreScopes,
		Optional: true,
	}
	if p.ScopeExample == "" && p.MoreScopes == "" && !p.RefusesOffline && !slices.Contains(p.Scopes, "offline_access") {
		f.Example = "offline_access"
	}
	return f
}

// Recognise tells what the address of a sign-in page says of a tool.
func (Setup) Recognise(_ context.Context, address string) (form.Draft, error) {
	preset, values, ok := provider.Recognise(address)
	if !ok {
		return form.Draft{}, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeNoAddress,
			What: auth.Quote(address) + " is not the address of a sign-in page",
			Do:   "copy it from the browser's address bar, or choose below",
			Who:  auth.WhoYou,
		}
	}
	return form.Draft{Provider: preset, Values: values}, nil
}
