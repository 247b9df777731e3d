package engine

import (
	"context"
	"slices"

	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// before is what a sign-in begins with.
type before struct {
	tool auth.Tool     // with the scopes that are wanted
	last *auth.Account // who is signed in, also if access has ended; nil for nobody
	hint string        // of whom to expect
	any  bool          // another account may take the last one's place
}

// begin says what a sign-in begins with, and fills in what o leaves open.
func begin(f Facts, o *session.SignInOptions) before {
	b := before{tool: f.Tool, any: o.SwitchAccount}
	preset, _ := provider.Find(b.tool.Provider)
	if o.Offline && !b.tool.AsksOffline() && !preset.RefusesOffline {
		b.tool.Scopes = append(slices.Clone(b.tool.Scopes), offlineAccess)
	}
	// Tokens of another provider, from before a change of the settings, say
	// nothing of who is to be expected here.
	if t := f.Tokens; t != nil && ofProvider(f.Tool, *t) {
		account := t.Account
		b.last = &account
	}
	switch {
	case o.SwitchAccount && o.Prompt == "":
		o.Prompt = askAgain(b.tool)
	case b.last != nil && o.Prompt == "":
		b.hint = b.last.Hint()
	}
	return b
}

// askAgain is the `prompt` parameter for another account: without it the
// browser's own session would bring the same one. Consent, which some providers
// make the condition for a refresh token, is kept beside it.
func askAgain(tool auth.Tool) string {
	prompt := "login"
	if tool.Has(auth.QuirkNoPromptLogin) {
		prompt = "select_account"
	}
	if tool.Params["prompt"] == "consent" {
		prompt += " consent"
	}
	return prompt
}

// check refuses another account than the last one, unless that was asked for:
// a sign-in never replaces somebody else's tokens unnoticed.
func (b before) check(came auth.Account) *auth.Error {
	if b.last == nil || b.any || came.Issuer == b.last.Issuer && came.Subject == b.last.Subject {
		return nil
	}
	who, was := came.Label(), b.last.Label()
	if who == was {
		who = "another " + who
	}
	return &auth.Error{
		Kind: auth.KindDenied, Code: auth.CodeOtherAccount, Who: auth.WhoYou,
		What: "the browser signed in " + auth.Quote(
			who,
		) + ", but " + b.tool.Name + " is signed in as " + auth.Quote(
			was,
		) + ", which stays as it is",
		Do: "run `keyfob login " + b.tool.ID + " --switch-account` or choose Sign in as another account to replace it",
	}
}

// discard revokes tokens that nobody is going to have, as far as the provider
// takes that.
func (m *Manager) discard(ctx context.Context, client *oidc.Client, tool auth.Tool, t auth.Tokens) {
	m.workers.Go(func() {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellWithin)
		defer cancel()
		_ = client.Revoke(within, tool, t)
	})
}
