package provider

import (
	"net/url"
	"slices"
	"strings"

	"keyfob/auth/weburl"
)

// address is the address of a page or of an endpoint, taken apart. What it tells
// of a provider stands with that provider's preset.
type address struct {
	u    *url.URL
	host string   // in lower case, without a port
	path []string // its segments; never empty
}

func addressOf(u *url.URL) address {
	return address{u: u, host: strings.ToLower(u.Hostname()), path: strings.Split(strings.Trim(u.Path, "/"), "/")}
}

func (a address) origin() string { return a.u.Scheme + "://" + a.u.Host }

// under reports whether the host lies in a domain.
func (a address) under(domains ...string) bool {
	return slices.ContainsFunc(domains, func(d string) bool { return strings.HasSuffix(a.host, "."+d) })
}

// ends reports whether the path ends with the segments of tail.
func (a address) ends(tail string) bool {
	return strings.HasSuffix("/"+strings.Join(a.path, "/"), "/"+tail)
}

// known collects what is not empty.
func known(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			m[pairs[i]] = pairs[i+1]
		}
	}
	return m
}

// Recognise tells from the address of a page on which people sign in, or of a
// discovery document, which preset it is of, and what the address says of the
// preset's fields or of the issuer. An address that tells nothing more is one
// of [GenericID] with a guess of its issuer. It returns false for what is no address
// of a server.
func Recognise(page string) (preset string, values map[string]string, ok bool) {
	page = strings.TrimSpace(page)
	if !strings.Contains(page, "://") {
		page = "https://" + page
	}
	if cut := strings.IndexByte(page, '#'); cut >= 0 {
		page = page[:cut]
	}
	u, err := weburl.Secure(page)
	if err != nil || !strings.Contains(u.Hostname(), ".") && !weburl.IsLoopback(u) {
		return "", nil, false
	}
	a := addressOf(u)
	// Who has hosts of its own may have any path there.
	for _, p := range All() {
		if p.atHost != nil {
			if values, ok := p.atHost(a); ok {
				return p.ID, values, true
			}
		}
	}
	for _, p := range All() {
		if p.atPath != nil {
			if values, ok := p.atPath(a); ok {
				return p.ID, values, true
			}
		}
	}
	return GenericID, known("issuer", guessedIssuer(a)), true
}

// guessedIssuer guesses the issuer from the ends that such addresses have.
func guessedIssuer(a address) string {
	path := strings.TrimRight(a.u.EscapedPath(), "/")
	for _, end := range []string{
		"/.well-known/openid-configuration", "/connect/authorize", "/oauth2/authorize", "/oauth/authorize",
		"/protocol/openid-connect/auth", "/authorize", "/auth", "/login", "/signin",
	} {
		if rest, ok := strings.CutSuffix(path, end); ok {
			return a.origin() + rest
		}
	}
	return a.origin()
}
