package explain

import "keyfob/auth"

// others holds what the providers without numbers say, each in its own words.
var others = [...]row{
	// Keycloak.
	{
		text: "invalid parameter: redirect_uri", who: auth.WhoAdmin,
		what: "the provider does not know this redirect URI", do: "add it to the client, without a port",
	},
	{text: "offline session not active", who: auth.WhoYou, what: "the offline session has expired or was removed", do: "sign in again"},
	{text: "offline session not found", who: auth.WhoYou, what: "the offline session has expired or was removed", do: "sign in again"},
	{text: "offline user session not found", who: auth.WhoYou, what: "the offline session has expired or was removed", do: "sign in again"},
	{text: "session not active", who: auth.WhoYou, what: "the session at the provider has ended", do: "sign in again"},
	{
		text: "token is not active", who: auth.WhoYou,
		what: "the refresh token has expired, or this computer's clock is wrong", do: "check the clock, then sign in again",
	},
	{
		text: "session doesn't have required client", who: auth.WhoYou,
		what: "the refresh token was used twice or was revoked", do: "sign in again",
	},
	{text: "stale token", who: auth.WhoYou, what: "the refresh token was used twice or was revoked", do: "sign in again"},
	{
		err: "not_allowed", who: auth.WhoSetup,
		what: "this account may not have offline access", do: "remove offline_access from the scopes, or have the role granted",
	},
	{text: "user disabled", who: auth.WhoAdmin, what: "the account is disabled", do: "enable it"},
	{text: "refresh token reuse exceeded", who: auth.WhoYou, what: "the refresh token was used twice or was revoked", do: "sign in again"},
	{
		text: "invalid client or invalid client credentials", who: auth.WhoSetup,
		what: "the provider does not know the client, or its secret is wrong", do: "check client_id, client_auth and the client's secret",
	},
	{text: "authentication_expired", who: auth.WhoYou, what: "the sign-in page was open for too long", do: "sign in again"},

	// Google.
	{
		err: "redirect_uri_mismatch", who: auth.WhoSetup,
		what: "Google does not know this redirect URI", do: "create a client of the type Desktop app",
	},
	{sub: "invalid_rapt", who: auth.WhoYou, what: "the organisation asks for a sign-in from time to time", do: "sign in again"},
	{err: "invalid_rapt", who: auth.WhoYou, what: "the organisation asks for a sign-in from time to time", do: "sign in again"},
	{err: "admin_policy_enforced", who: auth.WhoAdmin, what: "the organisation's Google Workspace blocks this application", do: "trust it"},
	{
		err: "org_internal", who: auth.WhoYou,
		what: "the application is for another organisation's accounts only", do: "use your company account",
	},
	{
		err: "access_denied", text: "tester", at: "accounts.google.com", who: auth.WhoSetup,
		what: "the application is in testing, and you are not a test user", do: "add a test user, or publish it",
	},
	{
		err: "access_denied", text: "test user", at: "accounts.google.com", who: auth.WhoSetup,
		what: "the application is in testing, and you are not a test user", do: "add a test user, or publish it",
	},
	{
		err: "deleted_client", who: auth.WhoAdmin,
		what: "the client was deleted at Google", do: "restore it within 30 days, or register a new one",
	},
	{
		err: "invalid_grant", at: "accounts.google.com", who: auth.WhoYou,
		what: "Google ended this session, which was revoked or has expired", do: "sign in again",
	},

	// Auth0.
	{
		text: "callback url mismatch", who: auth.WhoSetup,
		what: "the provider does not know this redirect URI", do: "add it with its port to the allowed callback URLs",
	},
	{
		text: "unknown or invalid refresh token", who: auth.WhoYou,
		what: "the refresh token was replaced, used twice, or has expired", do: "sign in again",
	},
	{
		text: "service not found", who: auth.WhoSetup,
		what: "the audience is not an API of this provider", do: "check audience in the settings",
	},

	// Okta.
	{
		text: "user is not assigned", who: auth.WhoAdmin,
		what: "this account is not assigned to the application", do: "assign it; then sign in with --prompt login",
	},
	{
		text: "policy evaluation failed", who: auth.WhoAdmin,
		what: "no access policy of the provider allows this client", do: "add a policy and a rule for it",
	},

	// Cognito.
	{
		err: "invalid_grant", at: "cognito-idp.", who: auth.WhoYou,
		what: "the session was revoked, used twice, or an attribute is unreadable", do: "sign in; else ask IT",
	},
}
