package parse

import (
	"slices"

	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/provider"
)

// maxScopes bounds the scopes that are listed.
const maxScopes = 200

// scopes sets what was granted beside what was asked for.
func (r *reader) scopes(t auth.Tokens, tool auth.Tool) []inspect.Scope {
	asked := t.Asked
	if asked == nil {
		asked = tool.Scopes
	}
	granted := t.Scopes
	if granted == nil { // RFC 6749 section 5.1: what was asked for
		granted = slices.DeleteFunc(slices.Clone(asked), func(s string) bool { return s == "offline_access" && t.Refresh == "" })
	}
	has, mandatory := set(granted), set(tool.MandatoryScopes)
	// Some providers grant these and do not list them.
	given := func(s string) bool {
		switch {
		case has[s], has[provider.ScopeAlias(s)]:
			return true
		case s == "offline_access":
			return t.Refresh != "" || t.RefreshRefused
		case s == "openid":
			return t.ID != ""
		}
		return false
	}
	var out []inspect.Scope
	listed := map[string]bool{}
	add := func(s string, wasAsked bool) {
		if listed[s] || len(out) == maxScopes {
			return
		}
		listed[s] = true
		out = append(out, inspect.Scope{
			Name: r.scope(s), Asked: wasAsked, Granted: given(s),
			Mandatory: mandatory[s], Meaning: scopeMeaning(s),
		})
	}
	for _, s := range asked {
		add(s, true)
		listed[provider.ScopeAlias(s)] = true
	}
	for _, s := range granted {
		add(s, false)
	}
	for _, s := range tool.MandatoryScopes { // added to the settings since
		add(s, false)
	}
	return out
}

func set(all []string) map[string]bool {
	m := make(map[string]bool, len(all))
	for _, s := range all {
		m[s] = true
	}
	return m
}

// scope is a scope as it is shown.
func (r *reader) scope(s string) string {
	if r.secret(s) {
		return hidden
	}
	s, _ = shorten(visible(s), maxName*2)
	return s
}

// scopeMeaning says what a scope asks for: OpenID Connect Core 1.0 sections 5.4
// and 11, and what nearly every provider calls so.
func scopeMeaning(s string) string {
	switch s {
	case "openid":
		return "to know who signed in"
	case "profile":
		return "your name and the like"
	case "email":
		return "your e-mail address"
	case "address":
		return "your postal address"
	case "phone":
		return "your telephone number"
	case "offline_access":
		return "a refresh token, so that access goes on without you"
	case "groups":
		return "the groups that you are in"
	case "roles":
		return "your roles"
	}
	return ""
}
