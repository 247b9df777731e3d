package explain

import "keyfob/auth"

// google holds what Google says.
var google = [...]row{
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
}
