package config

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"keyfob/app/nearest"
	"keyfob/auth"
	"keyfob/auth/provider"
)

// readTool reads and validates [tools.ID]. names holds the names taken so far.
func readTool(d *document, id string, names map[string]string) (auth.Tool, *BadTool) {
	f := newFields(d, "tools", id)
	t := auth.Tool{ID: id, Name: id}
	if name, ok := f.text("name"); ok && name != "" {
		t.Name = name
	}
	f.checkID(id)
	if first, taken := names[foldName(t.Name)]; taken {
		f.fail("name", "the name "+auth.Quote(t.Name)+" is taken by "+tableName([]string{"tools", first}), "give this tool another name")
	}
	preset := f.provider(&t)
	f.client(&t)
	f.scopes(&t)
	if s, ok := f.text("home"); ok && s != "" {
		t.Home = f.home(s)
	}
	if s, ok := f.text("api"); ok && s != "" {
		f.secureURL("api", s)
		t.API = s
	}
	if s, ok := f.text("redirect"); ok {
		t.Redirect = f.redirect(s)
	}
	t.Ports = f.ports()
	t.Audience, _ = f.text("audience")
	t.TrustedAudiences = f.audiences()
	t.Params = f.params()
	if s, ok := f.text("ca_file"); ok && s != "" {
		t.CAFile = f.file(s)
	}
	t.SecretExpires = f.date("client_secret_expires")
	if s, ok := f.text("post_logout_redirect"); ok && s != "" {
		t.PostLogout = f.postLogout(s)
	}
	t.RetriggerRemoved = f.yes("retrigger_on_scopes_removal")
	t.WantsSessionBound = f.yes("session_bound")
	f.addresses(&t)
	f.resolve(&t, preset)
	if f.err != nil {
		return auth.Tool{}, &BadTool{
			ID: id, Name: t.Name, Line: f.err.line,
			Err: newFault(d.short, f.err.line, f.err.column, f.err.what, f.err.do),
			why: *f.err,
		}
	}
	return t, nil
}

// checkID demands an ID that is safe as the name of a keychain entry and as a
// word of a command line on every system.
func (f *fields) checkID(id string) {
	if !IsID(id) {
		f.fail("", "the tool ID "+auth.Quote(id)+" cannot be used", "use 1 to 64 of a-z, 0-9, _ and -, not beginning with -")
	}
}

// IsID reports whether id can be the ID of a tool.
func IsID(id string) bool {
	return id != "" && len(id) <= 64 && id[0] != '-' && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// provider reads which provider issues the tokens.
func (f *fields) provider(t *auth.Tool) provider.Preset {
	id, named := f.text("provider")
	if !named {
		id = provider.GenericID
	}
	preset, found := provider.Find(id)
	issuer, _ := f.text("issuer")
	switch {
	case !found:
		do := "use provider = " + auth.Quote(provider.GenericID) + ` with issuer = "…"`
		var known []string
		for _, p := range provider.All() {
			known = append(known, p.ID)
		}
		if near := nearest.Of(id, known); near != "" {
			do = "did you mean " + auth.Quote(near) + "?"
		}
		f.fail("provider", "unknown provider "+auth.Quote(id), do)
	case issuer != "":
		t.Issuer = f.issuer("issuer", issuer)
	case preset.Generic && !slices.ContainsFunc(addressKeys, f.has):
		f.fail("issuer", tableName(f.path)+" names no issuer", `add issuer = "https://…", the address of the identity provider`)
	}
	return preset
}

// addresses reads what takes the place of discovery.
func (f *fields) addresses(t *auth.Tool) {
	for _, a := range []struct {
		key string
		to  *string
	}{
		{"authorize_uri", &t.Endpoints.Authorize},
		{"token_uri", &t.Endpoints.Token},
		{"jwks_uri", &t.Endpoints.JWKS},
		{"end_session_uri", &t.Endpoints.EndSession},
		{"revocation_uri", &t.Endpoints.Revocation},
	} {
		if s, ok := f.text(a.key); ok && s != "" {
			f.secureURL(a.key, s)
			*a.to = s
		}
	}
	if s, ok := f.text("expect_issuer"); ok && s != "" {
		t.ExpectIssuers = []string{f.issuer("expect_issuer", s)}
	}
}

// resolve has the preset make the tool of what was written.
func (f *fields) resolve(t *auth.Tool, preset provider.Preset) {
	values := map[string]string{}
	for _, key := range provider.Keys() {
		values[key], _ = f.text(key)
	}
	if f.err != nil {
		return
	}
	tool, err := preset.Resolve(provider.Input{Tool: *t, Values: values})
	if fault := (*provider.FieldError)(nil); errors.As(err, &fault) {
		f.fail(fault.Key, fault.Err.What, fault.Err.Do)
		return
	}
	*t = tool
}

// client reads who we are to the provider.
func (f *fields) client(t *auth.Tool) {
	t.ClientID, _ = f.text("client_id")
	switch {
	case t.ClientID == "":
		f.fail("client_id", tableName(f.path)+" has no client_id", "ask whoever registered this client at the provider")
	case strings.ContainsFunc(t.ClientID, func(r rune) bool { return r < ' ' || r > '~' }): // RFC 6749 appendix A.1
		f.fail("client_id", "the client_id "+auth.Quote(t.ClientID)+" holds characters outside of ASCII", "copy it again from the provider")
	}
	f.clientAuth(t)
}

// clientAuth reads how the tool comes to its tokens, and how it proves to be
// its client. The secret itself is in the keychain.
func (f *fields) clientAuth(t *auth.Tool) {
	const one = `use "none", "form" or "header"`
	switch s, _ := f.text("grant"); auth.Grant(s) {
	case auth.GrantCode, "authorization_code":
	case auth.GrantService:
		// The one form that every provider has to know, RFC 6749 section 2.3.1.
		t.Grant, t.ClientAuth = auth.GrantService, auth.ClientAuthHeader
	default:
		f.fail("grant", "unknown grant "+auth.Quote(s), `use grant = "client_credentials" for a service account, or leave it out`)
	}
	s, ok := f.text("client_auth")
	switch a := auth.ClientAuth(s); {
	case !ok: // the preset knows
	case slices.Contains([]auth.ClientAuth{auth.ClientAuthNone, auth.ClientAuthForm, auth.ClientAuthHeader, auth.ClientAuthQuery}, a):
		t.ClientAuth = a
	default:
		f.fail("client_auth", "unknown client_auth "+auth.Quote(s), one)
	}
	if t.Grant == auth.GrantService && !t.ClientAuth.NeedsSecret() {
		f.fail("client_auth", "a service account cannot go without a client secret", `use client_auth = "header" or "form"`)
	}
}

// scopes reads what to ask for. The preset adds what a sign-in needs.
func (f *fields) scopes(t *auth.Tool) {
	asked, _ := f.list("scopes")
	mandatory, _ := f.list("mandatory_scopes")
	f.checkScopes("scopes", asked)
	f.checkScopes("mandatory_scopes", mandatory)
	t.Scopes, t.MandatoryScopes = asked, mandatory
}

// checkScopes demands scope tokens of RFC 6749 section 3.3.
func (f *fields) checkScopes(key string, scopes []string) {
	for _, s := range scopes {
		if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) {
			f.fail(key, auth.Quote(key)+": "+auth.Quote(s)+" is not a scope", "write one scope to each text of the list, without spaces")
		}
	}
}

// audiences reads whom an ID token may be meant for beside the client.
func (f *fields) audiences() []string {
	const key = "trusted_audiences"
	all, _ := f.list(key)
	for i, a := range all {
		switch {
		case a == "":
			f.fail(key, `"`+key+`" holds an empty text`, "remove it")
		case strings.Contains(a, "*"):
			f.fail(key, `"`+key+`": `+auth.Quote(a)+" holds a *, and an audience is compared as it is", "name each audience in full")
		case slices.Contains(all[:i], a):
			f.fail(key, `"`+key+`" holds `+auth.Quote(a)+" twice", "remove one of them")
		}
	}
	return all
}

// ports reads the ports of the callback listener.
func (f *fields) ports() []int {
	v, ok := f.vals["ports"]
	if !ok {
		return nil
	}
	const do = "write it as ports = [53682, 53683]"
	items, isList := v.([]any)
	if !isList {
		f.fail("ports", `"ports" is `+kindOf(v)+", not a list", do)
	}
	var ports []int
	for _, item := range items {
		n, isNumber := item.(int64)
		switch {
		case !isNumber:
			f.fail("ports", `"ports" holds `+kindOf(item)+" where a port belongs", do)
		case n < 1 || n > 65535:
			f.fail("ports", `"ports": `+strconv.FormatInt(n, 10)+" is not a port", "use numbers from 1 to 65535")
		case slices.Contains(ports, int(n)):
			f.fail("ports", `"ports" holds `+strconv.FormatInt(n, 10)+" twice", "remove one of them")
		}
		ports = append(ports, int(n))
	}
	return ports
}
