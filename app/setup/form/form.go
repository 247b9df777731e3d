// Package form holds what a person fills in to set Keyfob up, and the answers:
// providers and their fields, drafts of tools and what is wrong with them, what
// became of an import, how Keyfob behaves. The engine, the command and the windows
// use these types.
//
// It owns types, codes, and the words for a code. It must never read a file,
// ask a provider, judge a draft, or link anything that does so.
package form

import "strings"

// Preset is a provider as somebody who adds a tool meets it.
type Preset struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Known  string   `json:"known,omitempty"` // how people recognise it
	Fields []Field  `json:"fields"`          // everything that may be given, in the order of asking
	Notes  []string `json:"notes"`           // what to know when the client is registered, a sentence each

	// Redirects are what to register as redirect URIs, each; none where nothing is
	// registered. HOST at the end is the provider's host.
	Redirects []string `json:"redirects"`
}

// Field is something that a person gives. Its key is the word in the
// settings.
type Field struct {
	Key      string `json:"key"`
	Label    string `json:"label"`
	Example  string `json:"example,omitempty"`
	Help     string `json:"help,omitempty"` // a clause
	Value    string `json:"value,omitempty"`
	Optional bool   `json:"optional,omitempty"`
	Secret   bool   `json:"secret,omitempty"` // goes into the keychain, not into the settings
	Host     string `json:"host,omitempty"`   // how the provider's host is made of it, % for what is given
}

// RedirectHost is the provider's host, as far as values tell it, in the form that
// a redirect URI has it. It does not check that such a host can exist.
func (p Preset) RedirectHost(values map[string]string) (host string) {
	for _, f := range p.Fields {
		v := strings.ToLower(strings.TrimSpace(values[f.Key]))
		if f.Host == "" || v == "" {
			continue
		}
		if _, rest, ok := strings.Cut(v, "://"); ok {
			v = rest
		}
		v, _, _ = strings.Cut(v, "/")
		host = strings.ReplaceAll(strings.ReplaceAll(f.Host, "%", v), ":", "_")
	}
	return host
}

// RedirectsFor are the redirect URIs with the host in its place.
func (p Preset) RedirectsFor(values map[string]string) (all []string) {
	host := p.RedirectHost(values)
	for _, r := range p.Redirects {
		if open, ok := strings.CutSuffix(r, "/HOST"); ok && host != "" {
			r = open + "/" + host
		}
		all = append(all, r)
	}
	return all
}

// Keys of a draft that are no preset's own.
const (
	KeyName     = "name"
	KeyHome     = "home"
	KeyIssuer   = "issuer"
	KeyClientID = "client_id"
	KeyScopes   = "scopes"
	KeyAudience = "audience"
	KeySecret   = "client_secret"
)

// Draft is a tool that somebody is about to add, as it was typed.
type Draft struct {
	Provider string            `json:"provider"`
	Values   map[string]string `json:"values"` // by the key of the field
}
