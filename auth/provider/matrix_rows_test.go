package provider_test

import (
	"net/http"
	"net/url"

	"keyfob/auth"
	"keyfob/auth/authtest/providers"
)

// row is one preset of TestMatrix: what a person gives, and what is to come of
// it.
type row struct {
	name  string
	given given
	cfg   providers.Config

	issuer  string // in the account
	bound   auth.Binding
	rotates bool // a renewal replaces the refresh token

	// Without a refresh token: what is changed to get none, where it is not a
	// switch at the provider, and the reason that the session then gives.
	without func(*given)
	reason  string

	back    string // registered for coming back from the sign-out page
	told    string // part of what a sign-out tells
	rule    string // part of what it says cannot be done; empty when all was
	page    bool   // the sign-out page opens
	revoked bool   // the refresh token is void afterwards

	denied       url.Values // what the browser brings back from a refused sign-in
	deniedWords  words
	refused      providers.Refusal // of a renewal
	refusedWords words
}

// said is an error answer in the browser.
func said(code, description string) url.Values {
	return url.Values{"error": {code}, "error_description": {description}}
}

const (
	tenant   = "https://login.microsoftonline.com/" + providers.Tenant + "/v2.0"
	realm    = "https://sso.example.com/realms/plant"
	localOut = "http://localhost/signed-out"
	loopOut  = "http://127.0.0.1/signed-out"
)

var matrix = []row{
	{
		name: "entra", given: given{id: "entra", values: values{"tenant": providers.Tenant}},
		issuer: tenant, bound: auth.BoundOffline, rotates: true,
		without: func(g *given) { g.tool.Scopes = []string{"openid", "profile"} }, reason: "offline_access was not asked for",
		back: localOut, page: true, told: "does not support revocation, so the refresh token, deleted here, stays valid at the provider " +
			"until it expires; the provider ended its session in the browser",
		rule: "cannot revoke tokens",
		denied: said(
			"consent_required",
			"AADSTS90094: The grant requires admin permission.\r\nTrace ID: 0a1b2c3d-0001\r\nCorrelation ID: "+
				"0a1b2c3d-0002\r\nTimestamp: 2026-03-01 09:00:00Z",
		),
		deniedWords: words{
			auth.KindSignIn,
			auth.WhoAdmin,
			"an administrator has to approve",
			"AADSTS90094, trace ID 0a1b2c3d-0001, correlation ID 0a1b2c3d-0002",
			"/adminconsent?client_id=",
		},
		refused: providers.Refusal{
			Status: http.StatusBadRequest,
			Body: `{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity.",
			"error_codes":[700082],"timestamp":"2026-03-01 09:00:00Z","trace_id":"0a1b2c3d-0003","correlation_id":"0a1b2c3d-0004","error_uri":"https://login.microsoftonline.com/error?code=700082"}`,
		},
		refusedWords: words{
			auth.KindGrant,
			auth.WhoYou,
			"unused for too long",
			"AADSTS700082, trace ID 0a1b2c3d-0003, correlation ID 0a1b2c3d-0004",
			"",
		},
	},
	{
		name: "b2c", given: given{id: "b2c", values: values{"tenant": "contoso", "policy": "b2c_1_signin"}},
		issuer: "https://contoso.b2clogin.com/" + providers.Tenant + "/v2.0/", bound: auth.BoundOffline, rotates: true,
		without: func(g *given) { g.tool.Scopes = []string{"openid"} }, reason: "offline_access was not asked for",
		back: localOut, page: true, told: "; the provider ended its session in the browser", rule: "cannot revoke tokens",
		denied: said(
			"access_denied",
			"AADB2C90091: The user has cancelled entering self-asserted information.\r\nCorrelation ID: 0a1b2c3d-0002\r\nTimestamp: "+
				"2026-03-01 09:00:00Z",
		),
		deniedWords: words{auth.KindDenied, auth.WhoYou, "you cancelled the sign-in", "AADB2C90091, correlation ID 0a1b2c3d-0002", ""},
		refused: providers.Refusal{
			Status: http.StatusBadRequest,
			Body: `{"error":"invalid_grant","error_description":"AADB2C90080: The provided grant has expired. Please ` +
				`re-authenticate and try again.\r\nCorrelation ID: 0a1b2c3d-0005\r\n"}`,
		},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "expired or was revoked", "AADB2C90080, correlation ID 0a1b2c3d-0005", ""},
	},
	{
		name: "adfs", given: given{id: "adfs", values: values{"host": "fs.example.com", "resource": "https://api.example.com"}},
		issuer: "https://fs.example.com/adfs", reason: "AD FS issues no further refresh token",
		back: loopOut, page: true, told: "; the provider ended its session in the browser", rule: "cannot revoke tokens",
		denied: said(
			"unauthorized_client",
			"MSIS9611: The authorization server does not permit the client to access the requested resource.",
		),
		deniedWords: words{auth.KindSetup, auth.WhoAdmin, "may not use this resource", "MSIS9611", ""},
		refused: providers.Refusal{
			Status: http.StatusUnauthorized,
			Body: `{"error":"invalid_grant","error_description":"MSIS9615: The refresh token received in 'refresh_token' parameter ` +
				`has expired."}`,
		},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "the refresh token has expired", "MSIS9615", ""},
	},
	{
		name: "google", given: given{id: "google"},
		issuer: "https://accounts.google.com", bound: auth.BoundOffline,
		without: func(g *given) { g.tool.Params = values{"access_type": "online"} }, reason: "Google gives a refresh token with " +
			"access_type=offline and prompt=consent only",
		told: "the provider revoked the refresh token; the provider has no sign-out page", rule: "Google has no sign-out", revoked: true,
		denied:      said("admin_policy_enforced", ""),
		deniedWords: words{auth.KindFailed, auth.WhoAdmin, "Google Workspace blocks this application", "", ""},
		refused: providers.Refusal{
			Status: http.StatusBadRequest,
			Body:   `{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`,
		},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "Google ended this session", "", ""},
	},
	{
		name: "auth0", given: given{
			id: "auth0", values: values{"domain": "example.eu.auth0.com"},
			tool: auth.Tool{Audience: "https://api.example.com"},
		},
		issuer: "https://example.eu.auth0.com/", bound: auth.BoundOffline, rotates: true,
		reason: "offline access is not allowed for this API at Auth0",
		back:   loopOut, page: true, told: "the provider revoked the refresh token; the provider ended its session in the " +
			"browser", revoked: true,
		denied:      said("access_denied", "Service not found: https://api.example.com"),
		deniedWords: words{auth.KindDenied, auth.WhoSetup, "the audience is not an API", "", ""},
		refused: providers.Refusal{
			Status: http.StatusForbidden,
			Body:   `{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}`,
		},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "replaced, used twice, or has expired", "", ""},
	},
	{
		name: "keycloak", given: given{
			id: "keycloak", values: values{"host": "sso.example.com", "realm": "plant"},
			tool: auth.Tool{Scopes: []string{"openid", "profile", "offline_access"}},
		},
		issuer: realm, bound: auth.BoundOffline, rotates: true, reason: "switched off for this client at Keycloak",
		back: loopOut, page: true, told: "the provider revoked the refresh token; the provider ended its session in the " +
			"browser", revoked: true,
		denied:      said("temporarily_unavailable", "authentication_expired"),
		deniedWords: words{auth.KindTransient, auth.WhoYou, "open for too long", "", ""},
		refused: providers.Refusal{
			Status: http.StatusBadRequest,
			Body:   `{"error":"invalid_grant","error_description":"Offline user session not found"}`,
		},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "the offline session has expired or was removed", "", ""},
	},
	{
		name: "pingfederate", given: given{id: "pingfederate", values: values{"host": "sso.example.com:9031"}},
		issuer: "https://sso.example.com:9031", rotates: true, reason: "not ticked for this client at PingFederate",
		back: loopOut, page: true, told: "the provider revoked the refresh token; the provider ended its session in the " +
			"browser", revoked: true,
		denied:      said("unauthorized_client", "Client is not authorized for the grant type"),
		deniedWords: words{auth.KindSetup, auth.WhoSetup, "the client may not do this", "", ""},
		refused: providers.Refusal{
			Status: http.StatusBadRequest,
			Body:   `{"error":"invalid_grant","error_description":"unknown, invalid, or expired refresh token"}`,
		},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "no longer accepts this sign-in", "", ""},
	},
	{
		name: "okta", given: given{id: "okta", values: values{"domain": "example.okta.com", "server": "default"}},
		issuer: "https://example.okta.com/oauth2/default", bound: auth.BoundOffline, reason: "not ticked for this application at Okta",
		back: loopOut, page: true, told: "the provider revoked the refresh token; the provider ended its session in the " +
			"browser", revoked: true,
		denied:      said("access_denied", "User is not assigned to the client application."),
		deniedWords: words{auth.KindDenied, auth.WhoAdmin, "not assigned to the application", "", ""},
		refused: providers.Refusal{
			Status: http.StatusBadRequest,
			Body:   `{"error":"invalid_grant","error_description":"The refresh token is invalid or expired."}`,
		},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "no longer accepts this sign-in", "", ""},
	},
	{
		name: "cognito", given: given{id: "cognito", values: values{"pool": "eu-west-1_AbC"}},
		issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC", bound: auth.BoundOffline,
		reason: "switched off for this client at Cognito",
		back:   localOut, page: true, told: "the provider revoked the refresh token; the browser is back from the provider's sign-out page",
		revoked:      true,
		denied:       said("invalid_scope", "invalid_scope"),
		deniedWords:  words{auth.KindSetup, auth.WhoSetup, "does not grant a scope", "", ""},
		refused:      providers.Refusal{Status: http.StatusBadRequest, Body: `{"error":"invalid_grant"}`},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "revoked, used twice, or an attribute is unreadable", "", ""},
	},
	{
		name: "oidc", given: given{
			id:   "oidc",
			tool: auth.Tool{Issuer: realm, Scopes: []string{"openid", "profile", "offline_access"}},
		}, cfg: providers.Config{Provider: "keycloak"},
		issuer: realm, bound: auth.BoundOffline, rotates: true, reason: "the provider gives this client no refresh token",
		back: loopOut, page: true, told: "the provider revoked the refresh token; the provider ended its session in the " +
			"browser", revoked: true,
		denied:      said("login_required", ""),
		deniedWords: words{auth.KindSignIn, auth.WhoYou, "the provider asks for a sign-in", "", ""},
		refused: providers.Refusal{
			Status: http.StatusBadRequest,
			Body:   `{"error":"invalid_grant","error_description":"Session not active"}`,
		},
		refusedWords: words{auth.KindGrant, auth.WhoYou, "the session at the provider has ended", "", ""},
	},
}
