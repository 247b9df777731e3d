package explain

import "keyfob/auth"

// others holds what the providers without numbers say, each in its own words.
var others = [...]row{
	// Keycloak.
	{text: "invalid parameter: redirect_uri", who: auth.WhoAdmin, what: "the provider does not know this return address", do: "have the tool's redirect added to the client, without a port"},
	{text: "offline session not active", who: auth.WhoYou, what: "the offline session has expired or was removed", do: "sign in again"},
	{text: "offline session not found", who: auth.WhoYou, what: "the offline session has expired or was removed", do: "sign in again"},
	{text: "offline user session not found", who: auth.WhoYou, what: "the offline session has expired or was removed", do: "sign in again"},
	{text: "session not active", who: auth.WhoYou, what: "the session at the provider has ended", do: "sign in again"},
	{text: "token is not active", who: auth.WhoYou, what: "the refresh token has expired, or this computer's clock is wrong", do: "check the clock, then sign in again"},
	{text: "session doesn't have required client", who: auth.WhoYou, what: "the refresh token was used twice or was revoked", do: "sign in again"},
	{text: "stale token", who: auth.WhoYou, what: "the refresh token was used twice or was revoked", do: "sign in again"},
	{err: "not_allowed", who: auth.WhoAdmin, what: "this account may not have offline access", do: "take offline_access out of the scopes, or ask for the role"},
	{text: "user disabled", who: auth.WhoAdmin, what: "the account is disabled", do: "ask IT to enable it"},
	{text: "refresh token reuse exceeded", who: auth.WhoYou, what: "the refresh token was used twice or was revoked", do: "sign in again"},
	{text: "invalid client or invalid client credentials", who: auth.WhoSetup, what: "the provider does not know the client, or its secret is wrong", do: "check client_id, client_auth and the client's secret"},
	{text: "authentication_expired", who: auth.WhoWait, what: "the sign-in page was open for too long", do: "sign in again"},

	// Google.
	{err: "redirect_uri_mismatch", who: auth.WhoSetup, what: "Google does not know this return address", do: "make a client of the type Desktop app"},
	{sub: "invalid_rapt", who: auth.WhoYou, what: "the organisation asks for a sign-in from time to time", do: "sign in again"},
	{err: "invalid_rapt", who: auth.WhoYou, what: "the organisation asks for a sign-in from time to time", do: "sign in again"},
	{err: "admin_policy_enforced", who: auth.WhoAdmin, what: "the organisation's Google Workspace blocks this application", do: "ask IT to trust it"},
	{err: "org_internal", who: auth.WhoYou, what: "the application is for another organisation's accounts only", do: "use your company account"},
	{err: "access_denied", text: "tester", at: "accounts.google.com", who: auth.WhoSetup, what: "the application is in testing, and you are no test user of it", do: "add a test user, or publish it"},
	{err: "access_denied", text: "test user", at: "accounts.google.com", who: auth.WhoSetup, what: "the application is in testing, and you are no test user of it", do: "add a test user, or publish it"},
	{err: "deleted_client", who: auth.WhoAdmin, what: "the client was deleted at Google", do: "have it restored within 30 days, or register a new one"},
	{err: "invalid_grant", at: "accounts.google.com", who: auth.WhoYou, what: "Google ended this session: it was revoked, or has expired", do: "sign in again"},

	// Auth0.
	{text: "callback url mismatch", who: auth.WhoSetup, what: "the provider does not know this return address", do: "add it with its port to the allowed callback URLs"},
	{text: "unknown or invalid refresh token", who: auth.WhoYou, what: "the refresh token was replaced, used twice, or has expired", do: "sign in again"},
	{text: "service not found", who: auth.WhoSetup, what: "the audience is no API of the provider's", do: "check audience in the settings"},

	// Okta.
	{text: "user is not assigned", who: auth.WhoAdmin, what: "this account is not assigned to the application", do: "ask IT to assign you; then sign in with --prompt login"},
	{text: "policy evaluation failed", who: auth.WhoAdmin, what: "no access policy of the provider's lets this client in", do: "ask IT to add a policy and a rule"},

	// Cognito.
	{err: "invalid_grant", at: "cognito-idp.", who: auth.WhoYou, what: "the session was revoked, used twice, or an attribute is unreadable", do: "sign in; else ask IT"},
}
