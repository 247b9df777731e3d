package explain

import "keyfob/auth"

// auth0 holds what Auth0 says.
var auth0 = [...]row{
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
}
