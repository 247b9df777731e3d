package explain

import "keyfob/auth"

// adfs holds the numbers of AD FS.
var adfs = [...]row{
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
