package ssosettings

import (
	"net/url"
	"strings"

	"keyfob/app/config"
)

// Place is the provider that an entry's addresses belong to, as far as they
// tell.
type Place struct {
	Settings     []config.Setting // provider and what its preset asks for, or an issuer
	Name         string           // for people
	Guessed      bool             // the issuer is a guess: the addresses follow no known pattern
	OldMicrosoft bool             // the addresses are those of version 1 of Microsoft's endpoints
}

// PlaceOf derives the provider from the address of its sign-in page. It
// returns false for what is no address.
func PlaceOf(authorize string) (Place, bool) {
	u, err := url.Parse(authorize)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return Place{}, false
	}
	origin := u.Scheme + "://" + u.Host
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	place := func(name, preset string, keys ...string) (Place, bool) {
		p := Place{Name: name, Settings: []config.Setting{{Key: "provider", Value: preset}}}
		for i := 0; i+1 < len(keys); i += 2 {
			p.Settings = append(p.Settings, config.Setting{Key: keys[i], Value: keys[i+1]})
		}
		return p, true
	}
	n := len(path)
	ends := func(tail string) bool { return strings.HasSuffix("/"+strings.Join(path, "/"), "/"+tail) }
	switch host := strings.ToLower(u.Hostname()); {
	case strings.HasSuffix(host, ".b2clogin.com") && n == 5 && ends("oauth2/v2.0/authorize"):
		return place("Azure AD B2C", "b2c", "tenant", path[0], "policy", path[1])
	case n == 4 && ends("oauth2/v2.0/authorize"):
		return entra(origin, host, path[0], place)
	case n == 3 && ends("oauth2/authorize") && microsoft(host):
		p, ok := entra(origin, host, path[0], place)
		p.OldMicrosoft = true
		return p, ok
	case n == 3 && ends("adfs/oauth2/authorize"):
		return secure(u, "AD FS", "adfs", origin+"/adfs", place, "host", u.Host)
	case n == 2 && ends("as/authorization.oauth2"):
		return secure(u, "PingFederate", "pingfederate", origin, place, "host", u.Host)
	case ends("protocol/openid-connect/auth") && n >= 5 && path[n-5] == "realms":
		return place("Keycloak", "keycloak", "issuer", origin+"/"+strings.Join(path[:n-3], "/"))
	case ends("oauth2/v1/authorize") && n == 3:
		return place("Okta", "okta", "issuer", origin)
	case ends("v1/authorize") && n == 4 && path[0] == "oauth2":
		return place("Okta", "okta", "issuer", origin+"/oauth2/"+path[1])
	case strings.HasSuffix(host, ".auth0.com") && ends("authorize"):
		return place("Auth0", "auth0", "issuer", origin+"/")
	case host == "accounts.google.com":
		return place("Google", "google")
	}
	issuer := origin
	for _, tail := range []string{"/connect/authorize", "/oauth2/authorize", "/oauth/authorize", "/authorize", "/auth"} {
		if rest, ok := strings.CutSuffix(strings.TrimRight(u.Path, "/"), tail); ok {
			issuer += rest
			break
		}
	}
	p, ok := place(u.Host, "oidc", "issuer", issuer)
	p.Guessed = true
	return p, ok
}

// microsoft reports whether a host is one of the clouds that Entra ID runs in.
func microsoft(host string) bool {
	switch host {
	case "login.microsoftonline.com", "login.windows.net", "login.microsoftonline.us", "login.partner.microsoftonline.cn":
		return true
	}
	return false
}

func entra(origin, host, tenant string, place func(name, preset string, keys ...string) (Place, bool)) (Place, bool) {
	const name = "Microsoft Entra ID"
	if host == "login.microsoftonline.com" || host == "login.windows.net" {
		return place(name, "entra", "tenant", tenant)
	}
	return place(name, "entra", "issuer", origin+"/"+tenant+"/v2.0")
}

// secure prefers the preset's own setting, which means https.
func secure(
	u *url.URL,
	name, preset, issuer string,
	place func(name, preset string, keys ...string) (Place, bool),
	keys ...string,
) (Place, bool) {
	if u.Scheme == "https" {
		return place(name, preset, keys...)
	}
	return place(name, preset, "issuer", issuer)
}
