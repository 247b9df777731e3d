package engine

import (
	"keyfob/auth"
)

// otherClient says why t is not the tool's: its settings were changed since the
// sign-in. Such tokens are handed to nobody, since the address that they would
// be sent to may have changed as well; they stay in the keychain until a person
// signs in or out. What an older Keyfob did not note is taken to fit.
func otherClient(tool auth.Tool, t auth.Tokens) *auth.Error {
	e := &auth.Error{
		Kind: auth.KindSignIn, Code: auth.CodeOtherClient, Who: auth.WhoYou,
		Do: "run `keyfob login " + tool.ID + "` or sign in from the tray",
	}
	switch {
	case t.Account.Issuer != "" && !ofProvider(tool, t):
		e.What = "the last sign-in to " + tool.Name + " was at another provider than the settings name now, " + auth.Quote(t.Account.Issuer)
	case t.Client != "" && t.Client != tool.ClientID:
		e.What = "the last sign-in to " + tool.Name + " was for another client than the settings name now, " + auth.Quote(t.Client)
	default:
		return nil
	}
	return e
}
