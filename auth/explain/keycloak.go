package explain

import "keyfob/auth"

// keycloak holds what Keycloak says.
var keycloak = [...]row{
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
}
