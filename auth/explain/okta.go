package explain

import "keyfob/auth"

// okta holds what Okta says.
var okta = [...]row{
	{
		text: "user is not assigned", who: auth.WhoAdmin,
		what: "this account is not assigned to the application", do: "assign it; then sign in with --prompt login",
	},
	{
		text: "policy evaluation failed", who: auth.WhoAdmin,
		what: "no access policy of the provider allows this client", do: "add a policy and a rule for it",
	},
}
