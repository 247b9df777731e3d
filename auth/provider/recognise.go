package provider

import (
	"net/url"
	"slices"
	"strings"

	"keyfob/auth"
)

// Recognise tells from the address of a page on which people sign in, or of a
// discovery document, which preset it is of, and what the address says of the
// preset's fields or of the issuer. An address that tells nothing more is one
// of [Generic] with a guess of its issuer. It returns false for what is no address
// of a server.
func Recognise(address string) (preset string, values map[string]string, ok bool) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	if cut := strings.IndexByte(address, '#'); cut >= 0 {
		address = address[:cut]
	}
	u, err := auth.SecureURL(address)
	if err != nil || !strings.Contains(u.Hostname(), ".") && !auth.IsLoopback(u) {
		return "", nil, false
	}
	r := recognition{u: u, host: strings.ToLower(u.Hostname()), path: strings.Split(strings.Trim(u.Path, "/"), "/")}
	for _, known := range []func() (string, map[string]string){r.microsoft, r.cloud, r.own} {
		if preset, values = known(); preset != "" {
			return preset, values, true
		}
	}
	return Generic, map[string]string{"issuer": r.issuer()}, true
}

// recognition is an address taken apart.
type recognition struct {
	u    *url.URL
	host string
	path []string
}

func (r recognition) origin() string { return r.u.Scheme + "://" + r.u.Host }

// under reports whether the host lies in a domain.
func (r recognition) under(domains ...string) bool {
	return slices.ContainsFunc(domains, func(d string) bool { return strings.HasSuffix(r.host, "."+d) })
}

// microsoft knows Entra ID in its clouds, and B2C.
func (r recognition) microsoft() (string, map[string]string) {
	tenant := strings.ToLower(r.path[0])
	if slices.Contains([]string{"common", "organizations", "consumers"}, tenant) || !auth.IsGUID(tenant) && !strings.Contains(tenant, ".") {
		tenant = "" // says nothing of whose it is
	}
	switch {
	case r.host == "login.microsoftonline.com" || r.host == "login.microsoft.com" || r.host == "login.windows.net":
		return "entra", known("tenant", tenant)
	case r.host == "login.microsoftonline.us", r.host == "login.partner.microsoftonline.cn", r.under("ciamlogin.com"):
		if tenant == "" {
			return "entra", nil
		}
		return "entra", known("issuer", r.origin()+"/"+tenant+"/v2.0")
	case r.under("b2clogin.com"):
		policy := r.u.Query().Get("p")
		if policy == "" && len(r.path) > 1 && strings.HasPrefix(strings.ToLower(r.path[1]), "b2c_1") {
			policy = r.path[1]
		}
		name, _, _ := strings.Cut(r.host, ".")
		return "b2c", known("tenant", name, "policy", policy)
	}
	return "", nil
}

// cloud knows the others that run on hosts of their own.
func (r recognition) cloud() (string, map[string]string) {
	switch {
	case r.host == "accounts.google.com":
		return "google", nil
	case r.under("auth0.com"):
		return "auth0", known("domain", r.host)
	case r.under("okta.com", "oktapreview.com", "okta-emea.com"):
		return "okta", known("domain", r.host, "server", r.server())
	case r.under("amazoncognito.com"):
		return "cognito", nil // the pool is not in it
	case strings.HasPrefix(r.host, "cognito-idp."):
		return "cognito", known("pool", r.path[0])
	}
	return "", nil
}

// own knows those that companies run themselves, by their paths.
func (r recognition) own() (string, map[string]string) {
	at := slices.Index(r.path, "realms")
	switch {
	case at >= 0 && at+1 < len(r.path):
		return "keycloak", known("host", strings.Join(append([]string{r.u.Host}, r.path[:at]...), "/"), "realm", r.path[at+1])
	case slices.Contains(r.path, "adfs"):
		return "adfs", known("host", r.u.Host)
	case r.server() != "":
		return "okta", known("domain", r.host, "server", r.server())
	case r.path[0] == "as" && len(r.path) > 1, r.path[0] == "idp" && len(r.path) > 1, r.path[0] == "pf" && len(r.path) > 1:
		return "pingfederate", known("host", r.u.Host)
	}
	return "", nil
}

// server is the authorization server of Okta that the path names, if any.
func (r recognition) server() string {
	if len(r.path) > 2 && r.path[0] == "oauth2" && r.path[2] == "v1" {
		return r.path[1]
	}
	return ""
}

// issuer guesses the issuer from the ends that such addresses have.
func (r recognition) issuer() string {
	path := strings.TrimRight(r.u.EscapedPath(), "/")
	for _, end := range []string{
		"/.well-known/openid-configuration", "/connect/authorize", "/oauth2/authorize", "/oauth/authorize",
		"/protocol/openid-connect/auth", "/authorize", "/auth", "/login", "/signin",
	} {
		if rest, ok := strings.CutSuffix(path, end); ok {
			return r.origin() + rest
		}
	}
	return r.origin()
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
