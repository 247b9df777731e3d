package explain

import "keyfob/auth"

// standard holds the codes of RFC 6749, RFC 8628, RFC 8707 and OpenID Connect
// Core 1.0, for refusals that nothing above knows better.
var standard = [...]row{
	{err: "access_denied", text: "cancel", who: auth.WhoYou, what: "you cancelled the sign-in", do: "sign in again when you are ready"},
	{err: "access_denied", text: "aborted", who: auth.WhoYou, what: "you cancelled the sign-in", do: "sign in again when you are ready"},
	{
		err: "access_denied", text: "user denied", who: auth.WhoYou,
		what: "you cancelled the sign-in", do: "sign in again when you are ready",
	},
	{
		err: "access_denied", text: "user declined", who: auth.WhoYou,
		what: "you cancelled the sign-in", do: "sign in again when you are ready",
	},
	{
		err: "access_denied", text: "did not authorize", who: auth.WhoYou,
		what: "you cancelled the sign-in", do: "sign in again when you are ready",
	},
	{
		err: "access_denied", general: true, who: auth.WhoYou,
		what: "you cancelled the sign-in, or the provider refused it", do: "sign in again; if it was not you, ask IT for access",
	},
	{err: "login_required", general: true, who: auth.WhoYou, what: "the provider asks for a sign-in", do: "sign in"},
	{
		err: "account_selection_required", general: true, who: auth.WhoYou,
		what: "the provider asks which account to use", do: "sign in and choose one",
	},
	{
		err: "interaction_required", general: true, who: auth.WhoYou,
		what: "the provider asks for an extra step", do: "sign in and finish it",
	},
	{
		err: "consent_required", general: true, consent: true, who: auth.WhoYou,
		what: "the provider asks for your approval", do: "sign in and approve it",
	},
	{err: "invalid_grant", general: true, who: auth.WhoYou, what: "the provider no longer accepts this sign-in", do: "sign in again"},
	{
		err: "invalid_client", general: true, who: auth.WhoSetup,
		what: "the provider does not accept this client", do: "check client_id, client_auth and the client's secret",
	},
	{
		err: "unauthorized_client", general: true, who: auth.WhoSetup,
		what: "the client may not do this at the provider", do: "allow the code and refresh grants for it there",
	},
	{
		err: "unsupported_response_type", general: true, who: auth.WhoSetup,
		what: "the client may not use the code flow", do: "allow it at the provider",
	},
	{
		err: "invalid_scope", general: true, who: auth.WhoSetup,
		what: "the provider does not grant a scope that was asked for", do: "check the scopes in the settings",
	},
	{
		err: "invalid_target invalid_resource", general: true, who: auth.WhoSetup,
		what: "the provider does not know the API that was asked for", do: "check scopes and audience in the settings",
	},
	{
		err: "invalid_request invalid_request_uri invalid_request_object", general: true, who: auth.WhoSetup,
		what: "the provider did not understand the request", do: "check the tool's settings, and report it",
	},
	{
		err: "unsupported_grant_type", general: true, who: auth.WhoSetup,
		what: "the provider does not know this kind of request", do: "check the tool's settings, and report it",
	},
	{
		err: "request_not_supported request_uri_not_supported registration_not_supported", general: true, who: auth.WhoSetup,
		what: "the provider does not accept a parameter of the request", do: "check params in the settings",
	},
	{
		err: "server_error temporarily_unavailable", general: true, who: auth.WhoWait,
		what: "the provider is temporarily unavailable", do: "try again later",
	},
	{err: "slow_down", who: auth.WhoWait, what: "the provider asks for fewer requests", do: "wait some seconds"},
	{err: "authorization_pending", who: auth.WhoYou, what: "nobody has approved the request yet", do: "approve it, and wait"},
	{err: "expired_token", who: auth.WhoYou, what: "the request was not approved in time", do: "start again"},
}
