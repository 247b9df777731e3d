package explain

import "keyfob/auth"

// b2c holds the numbers of Azure AD B2C.
var b2c = [...]row{
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
}
