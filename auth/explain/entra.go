package explain

import "keyfob/auth"

// entra holds the numbers of Microsoft Entra ID.
var entra = [...]row{
	{
		nums: "AADSTS50011", who: auth.WhoSetup,
		what: "the provider does not know this redirect URI", do: "add it there under Mobile and desktop applications",
	},
	{
		nums: "AADSTS50020 AADSTS90072", who: auth.WhoYou,
		what: "this account is from another organisation", do: "pick your work account, or ask to be invited",
	},
	{
		nums: "AADSTS50034", who: auth.WhoYou,
		what: "the organisation has no such account", do: "check its spelling, and that it is the right organisation",
	},
	{
		nums: "AADSTS50053", who: auth.WhoYou,
		what: "the account is locked, or this network looks risky", do: "wait, then ask IT to look at the sign-in logs",
	},
	{nums: "AADSTS50055", who: auth.WhoYou, what: "the password has expired", do: "change it, then sign in again"},
	{nums: "AADSTS50057", who: auth.WhoAdmin, what: "the account is disabled", do: "enable it"},
	{nums: "AADSTS50058", who: auth.WhoYou, what: "nobody is signed in to Microsoft in this browser", do: "sign in"},
	{nums: "AADSTS50059", who: auth.WhoSetup, what: "the request names no organisation", do: "put the tenant ID into the tool's issuer"},
	{
		nums: "AADSTS50072 AADSTS50074 AADSTS50076 AADSTS50078 AADSTS50079", who: auth.WhoYou,
		what: "an extra check of who you are is due", do: "sign in and finish it",
	},
	{
		nums: "AADSTS50105", who: auth.WhoAdmin,
		what: "this account is not assigned to the application", do: "assign it under Users and groups",
	},
	{nums: "AADSTS50126", who: auth.WhoYou, what: "the name or the password was wrong", do: "try again"},
	{
		nums: "AADSTS50132 AADSTS50133 AADSTS50173", who: auth.WhoYou,
		what: "the session was revoked, or the password has changed", do: "sign in again",
	},
	{
		nums: "AADSTS50194", who: auth.WhoSetup,
		what: "the application belongs to one organisation only", do: "replace common by the tenant ID in the issuer",
	},
	{
		nums: "AADSTS50196", who: auth.WhoSetup,
		what: "the provider saw too many equal requests", do: "wait some minutes, and report it if it happens again",
	},
	{
		nums: "AADSTS500011", who: auth.WhoSetup,
		what: "the organisation does not know the API of a scope", do: "check the API's ID in the scopes, or have the API added",
	},
	{nums: "AADSTS500021 AADSTS500022", who: auth.WhoAdmin, what: "this network may not sign in to that organisation", do: "allow it"},
	{nums: "AADSTS501481", who: auth.WhoYou, what: "the response is for a different sign-in", do: "sign in again"},
	{
		nums: "AADSTS53000 AADSTS53001", who: auth.WhoYou,
		what: "this computer is not managed as the organisation requires", do: "use a managed one, or ask IT to enrol it",
	},
	{
		nums: "AADSTS53003 AADSTS530032", who: auth.WhoAdmin,
		what: "a policy of the organisation blocks this sign-in", do: "look it up in the sign-in logs",
	},
	{nums: "AADSTS54005", who: auth.WhoYou, what: "the code of this sign-in was already used", do: "sign in again"},
	{
		nums: "AADSTS65001", who: auth.WhoYou, consent: true,
		what: "nobody has approved the application yet", do: "sign in and approve it, or send the link to IT",
	},
	{nums: "AADSTS65004", who: auth.WhoYou, what: "you declined what the application asks for", do: "sign in again and accept"},
	{
		nums: "AADSTS650057", who: auth.WhoSetup,
		what: "the application's permissions do not list the API", do: "add the API's permission at the provider",
	},
	{nums: "AADSTS70000", who: auth.WhoYou, what: "the refresh token is not valid", do: "sign in again"},
	{nums: "AADSTS70008 AADSTS700082", who: auth.WhoYou, what: "the session was unused for too long", do: "sign in again"},
	{nums: "AADSTS70043", who: auth.WhoYou, what: "the organisation asks for a sign-in from time to time", do: "sign in again"},
	{
		nums: "AADSTS700084", who: auth.WhoSetup,
		what: "the session is a web page's and ends after 24 hours", do: "register the redirect as desktop, not as single-page",
	},
	{nums: "AADSTS70011", who: auth.WhoSetup, what: "a scope is not valid", do: "check the scopes in the settings"},
	{
		nums: "AADSTS700016", who: auth.WhoSetup,
		what: "the organisation does not know this client ID", do: "check the client ID and the tenant",
	},
	{
		nums: "AADSTS700005", who: auth.WhoSetup,
		what: "the code was redeemed at another tenant", do: "name one tenant throughout the settings",
	},
	{nums: "AADSTS700025", who: auth.WhoSetup, what: "the application is public and accepts no secret", do: `use client_auth = "none"`},
	{nums: "AADSTS7000222", who: auth.WhoAdmin, what: "the client's secret has expired, so nobody can sign in", do: "create a new one"},
	{nums: "AADSTS7000215", who: auth.WhoSetup, what: "the client's secret is wrong", do: "copy the secret's Value, not its ID"},
	{
		nums: "AADSTS7000218", who: auth.WhoSetup,
		what: "the provider requires a secret", do: "register the redirect as desktop, not Web, and allow public client flows",
	},
	{nums: "AADSTS90002", who: auth.WhoSetup, what: "there is no such tenant", do: "check the tenant and the cloud in the issuer"},
	{
		nums: "AADSTS90008", who: auth.WhoAdmin, consent: true,
		what: "the application lacks the permission to sign in", do: "add User.Read and consent to it",
	},
	{
		nums: "AADSTS90014 AADSTS900144 AADSTS9002313", who: auth.WhoSetup,
		what: "the provider found the request malformed", do: "report it with the reference",
	},
	{
		nums: "AADSTS90093", who: auth.WhoAdmin, consent: true,
		what: "the organisation lets nobody approve this application", do: "consent to it with the link",
	},
	{
		nums: "AADSTS90094 AADSTS90095", who: auth.WhoAdmin, consent: true,
		what: "an administrator has to approve the application", do: "approve it with the link",
	},
	{
		nums: "AADSTS9002325 AADSTS9002326 AADSTS9002327", who: auth.WhoSetup,
		what: "the redirect is registered for a web page", do: "register it under Mobile and desktop applications",
	},
	{
		nums: "AADSTS901002", who: auth.WhoSetup,
		what: "this provider accepts no resource parameter", do: "name the API in the scopes instead",
	},
	{nums: "AADSTS50033 AADSTS90006 AADSTS90024", who: auth.WhoWait, what: "the provider is unavailable for a moment", do: "try again"},
	// This number often stands beside one that says more.
	{
		nums: "AADSTS70002", who: auth.WhoSetup,
		what: "the provider did not accept the client's secret", do: "copy the secret's Value, not its ID",
	},

	// Suberrors, which stand beside any number.
	{
		sub: "consent_required", who: auth.WhoYou, consent: true,
		what: "nobody has approved what the tool asks for", do: "sign in and approve it, or send the link to IT",
	},
	{sub: "basic_action", who: auth.WhoYou, what: "the provider asks for an extra step", do: "sign in and finish it"},
	{
		sub: "additional_action", who: auth.WhoYou,
		what: "the provider asks for a step outside the sign-in", do: "sign in, and follow what the browser says",
	},
	{
		sub: "message_only", who: auth.WhoYou,
		what: "the provider does not let you in for now", do: "sign in, and read what the browser says",
	},
	{sub: "user_password_expired", who: auth.WhoYou, what: "the password has expired", do: "change it, then sign in again"},
	{sub: "bad_token token_expired", who: auth.WhoYou, what: "the refresh token is no longer valid", do: "sign in again"},
	{sub: "device_authentication_failed", who: auth.WhoAdmin, what: "the provider does not recognise this computer", do: "enrol it again"},
	{
		sub: "protection_policy_required", who: auth.WhoAdmin,
		what: "a policy of the organisation allows managed apps only", do: "allow this one",
	},
	{sub: "cancel", who: auth.WhoYou, what: "you cancelled the sign-in", do: "sign in again"},
}
