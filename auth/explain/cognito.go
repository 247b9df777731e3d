package explain

import "keyfob/auth"

// cognito holds what Amazon Cognito says.
var cognito = [...]row{
	{
		err: "invalid_grant", at: "cognito-idp.", who: auth.WhoYou,
		what: "the session was revoked, used twice, or an attribute is unreadable", do: "sign in; else ask IT",
	},
}
