package providers

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// behaviour is what sets one provider apart. Paths are below any host; the
// addresses in the metadata are at the hosts that the provider really uses.
type behaviour struct {
	discovery string // the path of the metadata
	issuer    string // in the metadata
	tokens    string // the issuer in ID tokens where it is another

	authorize, token, jwks, endSession, revoke string // addresses; empty ones are not published
	pingEndSession                             bool   // the sign-out address has PingFederate's older name

	secret        bool // the exchange fails without the client's secret
	exactPort     bool // the redirect URI's port is compared
	localhostOnly bool // plain http is allowed for localhost alone
	sendsIssuer   bool // RFC 9207
	keyIssuer     string

	refusesOffline bool                                     // offline_access is an unknown scope
	refresh        func(asked, exchange url.Values) bool    // whether a sign-in gives a refresh token
	rotates        bool                                     // a refresh gives a new one
	reuse          bool                                     // and the old one, used again, ends the grant
	lasts          time.Duration                            // the refresh token's end after the sign-in; zero for none here
	refusal        int                                      // the status of invalid_grant
	idOnRefresh    bool                                     // a refresh gives an ID token
	claims         map[string]any                           // more in the ID token; nil values are taken away
	answer         func(m map[string]any, granted []string) // what the token answer looks like
	signOut        func(p *Provider, q url.Values) bool     // whether the page signs out; nil for any request
	sessionBound   bool                                     // sign-out ends refresh tokens that are not offline
}

func offline(asked, _ url.Values) bool { return hasScope(asked, "offline_access") }

func always(_, _ url.Values) bool { return true }

func hasScope(v url.Values, scope string) bool {
	return slices.Contains(strings.Fields(v.Get("scope")), scope)
}

// behaviours are the providers by their presets' IDs, as their documentation
// and the reports of their users describe them.
func behaviours(cfg Config) map[string]behaviour {
	const (
		login = "https://login.microsoftonline.com"
		b2c   = "https://contoso.b2clogin.com"
		under = b2c + "/contoso.onmicrosoft.com/b2c_1_signin"
		fs    = "https://fs.example.com/adfs"
		auth0 = "https://example.eu.auth0.com"
		realm = "https://sso.example.com/realms/plant"
		ping  = "https://sso.example.com:9031"
		okta  = "https://example.okta.com/oauth2/default"
		pool  = "https://plant.auth.eu-west-1.amazoncognito.com"
	)
	entra := func(tenant, issuer string) behaviour {
		return behaviour{
			discovery: "/" + tenant + "/v2.0/.well-known/openid-configuration",
			issuer:    issuer, tokens: login + "/" + Tenant + "/v2.0",
			authorize: login + "/" + tenant + "/oauth2/v2.0/authorize", token: login + "/" + tenant + "/oauth2/v2.0/token",
			jwks: login + "/" + tenant + "/discovery/v2.0/keys", endSession: login + "/" + tenant + "/oauth2/v2.0/logout",
			keyIssuer: login + "/{tenantid}/v2.0",
			refresh:   offline, rotates: true, refusal: 400, idOnRefresh: true,
			claims: map[string]any{
				"tid":     Tenant,
				"oid":     "00000000-0000-0000-66f3-3332eca7ea81",
				"email":   nil,
				"at_hash": nil,
				"azp":     nil,
				"ver":     "2.0",
			},
			answer: func(m map[string]any, granted []string) {
				m["scope"] = strings.Join(without(granted, "offline_access"), " ")
				m["ext_expires_in"] = m["expires_in"]
			},
		}
	}
	adfs := behaviour{
		discovery: "/adfs/.well-known/openid-configuration", issuer: fs,
		authorize: fs + "/oauth2/authorize/", token: fs + "/oauth2/token/", jwks: fs + "/discovery/keys", endSession: fs + "/oauth2/logout",
		exactPort: true,
		refresh:   always, lasts: 8 * time.Hour, refusal: 401,
		claims: map[string]any{
			"upn":                "ada@example.com",
			"unique_name":        `EXAMPLE\ada`,
			"name":               nil,
			"preferred_username": nil,
			"email":              nil,
			"at_hash":            nil,
			"azp":                nil,
		},
		answer: func(m map[string]any, granted []string) {
			delete(m, "scope")
			m["resource"] = "urn:microsoft:userinfo"
			if m["refresh_token"] != nil {
				m["refresh_token_expires_in"] = 28800
			}
		},
	}
	if cfg.TrailingSlash {
		adfs.issuer += "/"
	}
	b2cIssuer := b2c + "/" + Tenant + "/v2.0/"
	if cfg.TFP {
		b2cIssuer = b2c + "/tfp/" + Tenant + "/b2c_1_signin/v2.0/"
	}
	return map[string]behaviour{
		"entra":               entra(Tenant, login+"/"+Tenant+"/v2.0"),
		"entra common":        entra("common", login+"/{tenantid}/v2.0"),
		"entra organizations": entra("organizations", login+"/{tenantid}/v2.0"),
		"entra domain":        entra("contoso.onmicrosoft.com", login+"/"+Tenant+"/v2.0"),
		"b2c": {
			discovery: "/contoso.onmicrosoft.com/b2c_1_signin/v2.0/.well-known/openid-configuration", issuer: b2cIssuer,
			authorize: under + "/oauth2/v2.0/authorize", token: under + "/oauth2/v2.0/token", jwks: under + "/discovery/v2.0/keys",
			endSession: under + "/oauth2/v2.0/logout",
			// It is needed in both requests.
			refresh: func(asked, exchange url.Values) bool { return offline(asked, nil) && offline(exchange, nil) },
			rotates: true, refusal: 400, idOnRefresh: true,
			// With an ID token the address to come back to has to be https.
			signOut: func(_ *Provider, q url.Values) bool {
				return !q.Has("id_token_hint") || !strings.HasPrefix(q.Get("post_logout_redirect_uri"), "http:")
			},
			claims: map[string]any{"tfp": "B2C_1_signin", "at_hash": nil, "azp": nil, "preferred_username": nil, "email": nil},
			answer: func(m map[string]any, granted []string) {
				m["not_before"], m["id_token_expires_in"], m["profile_info"] = 1442340812, "3600", "eyJ2ZXIiOiIxLjAifQ"
				if m["refresh_token"] != nil {
					m["refresh_token_expires_in"] = 1209600
				}
				m["expires_in"] = "3600"
				if len(without(granted, "openid", "offline_access", "profile", "email")) == 0 {
					delete(m, "access_token")
					delete(m, "expires_in")
					delete(m, "scope")
				}
			},
		},
		"adfs": adfs,
		"google": {
			discovery: "/.well-known/openid-configuration", issuer: "https://accounts.google.com", tokens: "accounts.google.com",
			authorize: "https://accounts.google.com/o/oauth2/v2/auth", token: "https://oauth2.googleapis.com/token",
			jwks: "https://www.googleapis.com/oauth2/v3/certs", revoke: "https://oauth2.googleapis.com/revoke",
			secret: true, refusesOffline: true,
			refresh: func(asked, _ url.Values) bool {
				return asked.Get("access_type") == "offline" && asked.Get("prompt") == "consent"
			},
			refusal: 400, idOnRefresh: true,
			claims: map[string]any{"hd": "example.com", "email_verified": true},
			answer: func(m map[string]any, granted []string) {
				m["expires_in"] = 3599
				for i, s := range granted {
					if s == "email" || s == "profile" {
						granted[i] = "https://www.googleapis.com/auth/userinfo." + s
					}
				}
				m["scope"] = strings.Join(granted, " ")
			},
		},
		"auth0": {
			discovery: "/.well-known/openid-configuration", issuer: auth0 + "/",
			authorize: auth0 + "/authorize", token: auth0 + "/oauth/token", jwks: auth0 + "/.well-known/jwks.json",
			revoke: auth0 + "/oauth/revoke", endSession: auth0 + "/oidc/logout",
			exactPort: true,
			refresh:   offline, rotates: true, reuse: true, refusal: 403, idOnRefresh: true,
			claims: map[string]any{"at_hash": nil, "azp": nil, "sid": "a-session"},
		},
		"keycloak": {
			discovery: "/realms/plant/.well-known/openid-configuration", issuer: realm,
			authorize: realm + "/protocol/openid-connect/auth", token: realm + "/protocol/openid-connect/token",
			jwks:   realm + "/protocol/openid-connect/certs",
			revoke: realm + "/protocol/openid-connect/revoke", endSession: realm + "/protocol/openid-connect/logout",
			sendsIssuer: true, sessionBound: true,
			refresh: always, rotates: true, refusal: 400, idOnRefresh: true,
			claims: map[string]any{"typ": "ID", "acr": "1", "sid": "a-session"},
			answer: func(m map[string]any, granted []string) {
				m["not-before-policy"], m["session_state"] = 0, "a-session"
				if slices.Contains(granted, "offline_access") {
					m["refresh_expires_in"] = 0
				} else {
					m["refresh_expires_in"] = 1800
				}
			},
		},
		"pingfederate": {
			discovery: "/.well-known/openid-configuration", issuer: ping,
			authorize: ping + "/as/authorization.oauth2", token: ping + "/as/token.oauth2", jwks: ping + "/pf/JWKS",
			revoke: ping + "/as/revoke_token.oauth2", endSession: ping + "/idp/startSLO.ping", pingEndSession: true,
			exactPort: true,
			refresh:   always, rotates: true, reuse: true, refusal: 400, idOnRefresh: true,
			answer: func(m map[string]any, _ []string) { delete(m, "scope") },
		},
		"okta": {
			discovery: "/oauth2/default/.well-known/openid-configuration", issuer: okta,
			authorize: okta + "/v1/authorize", token: okta + "/v1/token", jwks: okta + "/v1/keys", revoke: okta + "/v1/revoke",
			endSession: okta + "/v1/logout",
			exactPort:  true,
			refresh:    offline, refusal: 400,
			claims:  map[string]any{"azp": nil, "ver": 1, "amr": []string{"pwd"}},
			signOut: func(_ *Provider, q url.Values) bool { return q.Get("id_token_hint") != "" },
		},
		"cognito": {
			discovery: "/eu-west-1_AbC/.well-known/openid-configuration",
			issuer:    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC",
			authorize: pool + "/oauth2/authorize", token: pool + "/oauth2/token",
			jwks:   "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC/.well-known/jwks.json",
			revoke: pool + "/oauth2/revoke", endSession: pool + "/logout",
			exactPort: true, localhostOnly: true, refusesOffline: true,
			refresh: always, refusal: 400, idOnRefresh: true,
			claims: map[string]any{"azp": nil, "cognito:username": "ada", "token_use": "id", "preferred_username": nil},
			answer: func(m map[string]any, _ []string) { delete(m, "scope") },
			signOut: func(p *Provider, q url.Values) bool {
				return q.Get("client_id") == p.cfg.ClientID && q.Get("logout_uri") != "" && len(q) == 2
			},
		},
	}
}

func without(all []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(gone, s) })
}
