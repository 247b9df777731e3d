package engine

import (
	"slices"

	"keyfob/auth"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// newSignInFlow is what a sign-in begins with.
func newSignInFlow(w *worker, f Facts, o session.SignInOptions) *signInFlow {
	s := &signInFlow{w: w, tool: f.Tool, anyAccount: o.SwitchAccount, prompt: o.Prompt, noBrowser: o.NoBrowser, byCaller: o.CallerOpens}
	preset, _ := provider.Find(f.Tool.Provider)
	if o.Offline && !f.Tool.AsksOffline() && !preset.RefusesOffline {
		s.tool.Scopes = append(slices.Clone(f.Tool.Scopes), offlineAccess)
	}
	s.wanted = slices.Clone(s.tool.Scopes)
	// Tokens of another provider, from before a change of the settings, say
	// nothing of who is to be expected here.
	if t := f.Tokens; t != nil && ofProvider(f.Tool, *t) {
		account := t.Account
		s.last = &account
	}
	switch {
	case o.SwitchAccount && o.Prompt == "":
		s.prompt = promptForAccount(s.tool)
	case s.last != nil && o.Prompt == "":
		s.hint = s.last.Hint()
	}
	return s
}

// promptForAccount is the `prompt` parameter for another account: without it the
// browser's own session would bring the same one. Consent, which some providers
// make the condition for a refresh token, is kept beside it.
func promptForAccount(tool auth.Tool) string {
	prompt := "login"
	if tool.Has(auth.QuirkNoPromptLogin) {
		prompt = "select_account"
	}
	if tool.Params["prompt"] == "consent" {
		prompt += " consent"
	}
	return prompt
}

// checkAccount refuses another account than the last one, unless that was asked
// for: a sign-in never replaces somebody else's tokens unnoticed.
func (s *signInFlow) checkAccount(came auth.Account) *auth.Error {
	if s.last == nil || s.anyAccount || came.Issuer == s.last.Issuer && came.Subject == s.last.Subject {
		return nil
	}
	who, was := came.Label(), s.last.Label()
	if who == was {
		who = "another " + who
	}
	return &auth.Error{
		Kind: auth.KindDenied, Code: auth.CodeOtherAccount, Who: auth.WhoYou,
		What: "the browser signed in " + auth.Quote(who) + ", but " + s.tool.Name + " is signed in as " + auth.Quote(was) +
			", which stays as it is",
		Do: "run `keyfob login " + s.tool.ID + " --switch-account` or choose Sign in as another account to replace it",
	}
}
