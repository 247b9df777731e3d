package config

import (
	"errors"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// reservedParams are authorization parameters that Keyfob sets itself for each
// sign-in, or that change how the answer comes back. The exception is
// response_mode by this very name, where one of responseModes is meant.
var reservedParams = []string{
	"client_id", "response_type", "response_mode", "redirect_uri", "state", "nonce", "iss", "request", "request_uri",
	"code_challenge", "code_challenge_method", "code", "grant_type", "id_token_hint", "scope", "audience",
}

// responseModes are the ways in which the listener takes an answer. Some
// providers put more into an ID token that comes by form_post.
var responseModes = []string{"query", "form_post"}

// secretParams would put a secret into a URL and into this file.
var secretParams = []string{
	"client_secret", "client_assertion", "client_assertion_type", "code_verifier",
	"access_token", "refresh_token", "id_token", "username", "password",
}

// secureURL demands an https URL, or http on loopback.
func (f *fields) secureURL(key, s string) *url.URL {
	u, err := weburl.Secure(s)
	if err != nil {
		var e *auth.Error
		if !errors.As(err, &e) {
			e = &auth.Error{What: err.Error()}
		}
		f.fail(key, key+": "+e.What, e.Do)
		return nil
	}
	return u
}

// issuer checks an issuer identifier, which has no query (OpenID Connect Core
// 1.0 section 1.2). It is kept as written: it is compared exactly.
func (f *fields) issuer(key, s string) string {
	if f.err != nil {
		return ""
	}
	u := f.secureURL(key, s)
	switch {
	case u == nil:
	case u.RawQuery != "" || u.ForceQuery:
		f.fail(key, key+": the address "+auth.Quote(s)+" carries a query", "remove everything from the question mark on")
	case auth.IssuerAt(u.Path) != u.Path:
		f.fail(key, key+": the address "+auth.Quote(s)+" is the discovery document's", "remove /.well-known/openid-configuration")
	}
	return s
}

// home checks the home page's address, which may have a fragment: many web
// programs keep their place there.
func (f *fields) home(s string) string {
	page, fragment, _ := strings.Cut(s, "#")
	f.secureURL("home", page)
	if strings.ContainsFunc(fragment, func(r rune) bool { return r <= ' ' || r == '\\' || r == '#' }) {
		f.fail("home", "home: the address "+auth.Quote(s)+" is not a URL", "use an https address")
	}
	return s
}

// redirect checks the registered redirect URI: a loopback address whose port
// is chosen for each sign-in (RFC 8252 section 7.3).
func (f *fields) redirect(s string) string { return f.loopback("redirect", s) }

// postLogout validates the address that the provider's sign-out page may send
// the browser back to. Unlike a redirect it may carry its port, since providers
// compare it as it is registered.
func (f *fields) postLogout(s string) string { return f.loopback("post_logout_redirect", s) }

func (f *fields) loopback(key, s string) string {
	if f.err != nil {
		return ""
	}
	fail := func(why, do string) string {
		f.fail(key, key+": the address "+auth.Quote(s)+" "+why, do)
		return ""
	}
	const like = "use one like " + DefaultRedirect
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) {
		return fail("is not a URL", like)
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "":
		return fail("is not a URL", like)
	case u.Scheme != "http":
		return fail("does not begin with http://", like)
	case u.User != nil:
		return fail("carries a user name", like)
	case !slices.Contains([]string{"127.0.0.1", "localhost", "::1"}, u.Hostname()):
		return fail("is not on this machine's loopback", "use 127.0.0.1, localhost or [::1] as its host")
	case (u.Port() != "" && key == "redirect") || strings.HasSuffix(u.Host, ":"):
		return fail(
			"carries a port",
			"remove the port from it, and write ports = ["+portOr(u.Port(), "53682")+"] if the provider wants a fixed one",
		)
	case u.RawQuery != "" || u.ForceQuery:
		return fail("carries a query", like)
	case strings.Contains(s, "#"):
		return fail("carries a fragment", like)
	}
	return s
}

func portOr(port, other string) string {
	if port == "" {
		return other
	}
	return port
}

// params reads extra authorization parameters.
func (f *fields) params() map[string]string {
	v, ok := f.vals["params"]
	if !ok {
		return nil
	}
	const do = `write it as params = { domain_hint = "example.com" }`
	table, isTable := v.(map[string]any)
	if !isTable {
		f.fail("params", `"params" is `+kindOf(v)+", not a table", do)
	}
	p := &fields{d: f.d, path: append(f.path[:len(f.path):len(f.path)], "params"), vals: table, err: f.err}
	params := map[string]string{}
	for _, name := range sortedKeys(table) {
		switch lower := strings.ToLower(name); {
		case name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }):
			p.fail(name, `"params": `+auth.Quote(name)+" is not a parameter's name", do)
		case lower == "scope":
			p.fail(name, `"params" must not set "scope"`, "use the tool's own key scopes")
		case lower == "audience":
			p.fail(name, `"params" must not set "audience"`, "use the tool's own key audience")
		case slices.Contains(secretParams, lower):
			p.fail(name, `"params" must not set `+auth.Quote(name), "remove it, no secret belongs in this file or in an address")
		case name == "response_mode":
			if v, _ := p.text(name); !slices.Contains(responseModes, v) && p.err == nil {
				p.fail(name, `"params" sets response_mode to `+auth.Quote(v), "use query or form_post")
			}
		case slices.Contains(reservedParams, lower):
			p.fail(name, `"params" must not set `+auth.Quote(name)+", which is set anew for each sign-in", "remove it")
		}
		params[name], _ = p.text(name)
	}
	if f.err = p.err; len(params) == 0 {
		return nil
	}
	return params
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// file makes a path absolute: relative ones are meant from the settings file.
func (f *fields) file(s string) string {
	if filepath.IsAbs(s) {
		return s
	}
	if s == "~" || strings.HasPrefix(s, "~/") {
		f.fail("ca_file", "ca_file: "+auth.Quote(s)+" begins with ~, which is not replaced here", "write the whole path")
	}
	return filepath.Join(filepath.Dir(f.d.path), s)
}
