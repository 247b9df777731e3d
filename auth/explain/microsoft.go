package explain

import "keyfob/auth"

// microsoft holds the numbers of Azure AD B2C and AD FS.
var microsoft = [...]row{
	{nums: "AADB2C90006", who: auth.WhoSetup, what: "the provider does not know this redirect URI", do: "register it for a public client"},
	{
		nums: "AADB2C90055 AADB2C90115 AADB2C90117", who: auth.WhoSetup,
		what: "a scope is wrong, or names no API", do: "ask for the client ID and offline_access as scopes",
	},
	{
		nums: "AADB2C90058 AADB2C90079 AADB2C90084", who: auth.WhoSetup,
		what: "the client is public at one end only", do: "fix client_auth, or the client's type at the provider",
	},
	{nums: "AADB2C90077", who: auth.WhoYou, what: "there is no session at the provider", do: "sign in"},
	{
		nums: "AADB2C90080 AADB2C90128 AADB2C90129", who: auth.WhoYou,
		what: "the session has expired or was revoked, or the account is gone", do: "sign in again",
	},
	{nums: "AADB2C90085", who: auth.WhoYou, what: "the provider had an internal error", do: "sign in again"},
	{nums: "AADB2C90091", who: auth.WhoYou, what: "you cancelled the sign-in", do: "sign in again"},
	{nums: "AADB2C90111 AADB2C90114", who: auth.WhoYou, what: "the account is locked", do: "wait, or call IT support"},
	{nums: "AADB2C90118", who: auth.WhoYou, what: "the password has to be reset", do: "reset it at the provider, then sign in"},

	{
		nums: "MSIS9224 MSIS9221", who: auth.WhoAdmin,
		what: "AD FS does not know this redirect URI", do: "add it, exactly as it is, to the application group",
	},
	{nums: "MSIS9223", who: auth.WhoSetup, what: "AD FS does not know this client", do: "check the client ID"},
	// The number is quoted for both; the text tells which.
	{
		nums: "MSIS9602", text: "redirect", who: auth.WhoAdmin,
		what: "AD FS does not accept this redirect URI", do: "add it, exactly as it is, to the application group",
	},
	{
		nums: "MSIS9602", who: auth.WhoSetup,
		what: "AD FS does not accept the resource that was asked for", do: "check resource and scopes in the settings",
	},
	{
		nums: "MSIS9611", who: auth.WhoAdmin,
		what: "the client may not use this resource", do: "grant the permission in the application group",
	},
	{nums: "MSIS9615", who: auth.WhoYou, what: "the refresh token has expired", do: "sign in again"},
	{nums: "MSIS9622", who: auth.WhoSetup, what: "AD FS did not accept the client's secret", do: "check the secret and client_auth"},
}
