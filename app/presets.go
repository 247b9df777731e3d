package app

import (
	"context"
	"slices"
	"strings"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/provider"
)

// presets are the providers as the window offers them.
func presets() (all []agent.Preset) {
	for _, p := range provider.All() {
		shown := agent.Preset{ID: p.ID, Name: p.Name, Known: p.Known, Fields: presetFields(p), Redirects: p.Redirects(""), Notes: p.Notes}
		if p.ID == "oidc" {
			shown.Name = "Another OpenID provider"
		}
		all = append(all, shown)
	}
	return all
}

// presetFields are what a person may give for a tool of the preset, in the
// order of asking: what is needed, then the rest.
func presetFields(p provider.Preset) []agent.PresetField {
	fields := []agent.PresetField{
		{Key: agent.DraftName, Label: "Name", Example: "ThingWorx Plant 4", Help: "as it is to stand in the menu"},
	}
	if p.ID == "oidc" {
		fields = append(
			fields,
			agent.PresetField{
				Key:     agent.DraftIssuer,
				Label:   "Issuer",
				Example: "https://login.example.com",
				Help:    "the provider's address, or the one of its openid-configuration",
				Host:    "%",
			},
		)
	}
	var optional []agent.PresetField
	for _, f := range p.Fields {
		shown := agent.PresetField{Key: f.Key, Label: f.Label, Example: f.Example, Help: f.Help, Optional: f.Optional, Host: f.Host}
		switch {
		case f.Key == "region": // the pool's ID tells it
		case f.Optional:
			optional = append(optional, shown)
		default:
			fields = append(fields, shown)
		}
	}
	fields = append(
		fields,
		agent.PresetField{
			Key:     agent.DraftClientID,
			Label:   "Client ID",
			Example: "22222222-3333-4444-5555-666666666666",
			Help:    "from whoever registered Keyfob at the provider",
		},
	)
	if p.ID != "entra" && p.ID != "b2c" { // whose client IDs look like that
		fields[len(fields)-1].Example = "keyfob"
	}
	if p.ClientAuth.NeedsSecret() {
		fields = append(
			fields,
			agent.PresetField{
				Key:    agent.DraftSecret,
				Label:  "Client secret",
				Help:   "kept in this computer's keychain, not in a file",
				Secret: true,
			},
		)
	}
	fields = append(
		fields,
		agent.PresetField{
			Key:      agent.DraftHome,
			Label:    "Home page",
			Example:  "https://thingworx.example.com/Thingworx",
			Help:     "what Keyfob opens for this tool",
			Optional: true,
		},
	)
	fields = append(append(fields, optional...), scopesField(p))
	switch p.ID {
	case "auth0":
		fields = append(
			fields,
			agent.PresetField{
				Key:      agent.DraftAudience,
				Label:    "API (audience)",
				Example:  "https://api.example.com",
				Help:     "what the tokens are for",
				Optional: true,
			},
		)
	case "entra":
		fields = append(
			fields,
			agent.PresetField{
				Key:      agent.DraftIssuer,
				Label:    "Issuer of another cloud",
				Example:  "https://login.microsoftonline.us/TENANT/v2.0",
				Help:     "instead of the tenant",
				Optional: true,
			},
		)
	}
	return fields
}

// scopesField asks for scopes beside the usual ones.
func scopesField(p provider.Preset) agent.PresetField {
	f := agent.PresetField{
		Key:      agent.DraftScopes,
		Label:    "More scopes",
		Example:  "api/read",
		Help:     "asked for beside " + strings.Join(p.Scopes, ", "),
		Optional: true,
	}
	switch {
	case p.ID == "entra":
		f.Example = "api://APPLICATION-ID/NAME"
	case p.ID == "oidc":
		// Most know it, and without it most sessions cannot renew themselves.
		f.Value = "profile offline_access"
	case !p.RefusesOffline && !slices.Contains(p.Scopes, "offline_access"):
		f.Example = "offline_access"
	}
	return f
}

// recognise tells what the address of a sign-in page says of a tool.
func recognise(_ context.Context, address string) (agent.Draft, error) {
	preset, values, ok := provider.Recognise(address)
	if !ok {
		return agent.Draft{}, &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeNoAddress,
			What: auth.Quote(address) + " is not the address of a sign-in page",
			Do:   "copy it from the browser's address bar, or choose below",
			Who:  auth.WhoYou,
		}
	}
	return agent.Draft{Provider: preset, Values: values}, nil
}
