package provider

import (
	"net/url"
	"strings"
)

// Endpoint is what the address of an authorization endpoint tells.
type Endpoint struct {
	Preset  Preset
	Host    string            // with its port, where it has one
	Values  map[string]string // what the preset asks for, or the issuer
	Guessed bool              // the issuer is a guess: the address follows no known pattern
	Old     bool              // it is of an older version of the provider's endpoints than Keyfob uses
}

// AtEndpoint tells whose authorization endpoint has this address. It returns
// false for what is no address.
func AtEndpoint(authorize string) (Endpoint, bool) {
	u, err := url.Parse(authorize)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return Endpoint{}, false
	}
	a := addressOf(u)
	for _, p := range All() {
		if p.authorize == nil {
			continue
		}
		if values, ok := p.authorize(a); ok {
			return Endpoint{Preset: p, Host: u.Host, Values: values, Old: p.oldAuthorize != nil && p.oldAuthorize(a)}, true
		}
	}
	issuer := a.origin()
	for _, tail := range []string{"/connect/authorize", "/oauth2/authorize", "/oauth/authorize", "/authorize", "/auth"} {
		if rest, ok := strings.CutSuffix(strings.TrimRight(u.Path, "/"), tail); ok {
			issuer += rest
			break
		}
	}
	return Endpoint{Preset: generic(), Host: u.Host, Values: known("issuer", issuer), Guessed: true}, true
}

// serverOrIssuer are the values for a server at an address: the preset's own
// setting means https.
func serverOrIssuer(a address, key, path string) map[string]string {
	if a.u.Scheme == "https" {
		return known(key, a.u.Host)
	}
	return known("issuer", a.origin()+path)
}
