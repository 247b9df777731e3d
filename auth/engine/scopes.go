package engine

import (
	"slices"
	"strings"

	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
)

// offlineAccess is the scope that most providers make the condition for a
// refresh token, OpenID Connect Core 1.0 section 11.
const offlineAccess = "offline_access"

// missingScopes reports mandatory scopes that were not granted.
func missingScopes(f Facts) *auth.Error {
	missing := oidc.MissingScopes(f.Tool, *f.Tokens)
	if missing == nil {
		return nil
	}
	e := &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeMandatoryScopes, Who: auth.WhoSetup,
		What: "the provider did not grant " + strings.Join(missing, ", "),
		Do:   "add the missing scopes to the tool and at the provider, then sign in again",
	}
	if slices.Contains(missing, offlineAccess) {
		e.What += ", and without offline_access ThingWorx gets no refresh token, so that its users sign in again each time access ends"
		e.Do = "allow offline_access for this client at the provider, then sign in again"
	}
	return e
}

// changedScopes reports that the settings ask for other scopes than the sign-in
// did. Scopes that were taken out count where the tool says so, as with
// ThingWorx's retriggerOnScopesRemoval.
func changedScopes(f Facts) *auth.Error {
	asked := f.Tokens.Asked
	if asked == nil || f.Tool.Grant == auth.GrantService {
		return nil
	}
	var words []string
	if added := without(f.Tool.Scopes, asked); added != nil {
		words = append(words, "ask for "+strings.Join(added, ", ")+" now")
	}
	if removed := without(asked, f.Tool.Scopes); removed != nil && f.Tool.RetriggerRemoved {
		words = append(words, "no longer ask for "+strings.Join(removed, ", "))
	}
	if words == nil {
		return nil
	}
	return &auth.Error{
		Kind: auth.KindSignIn, Code: auth.CodeScopesChanged, Who: auth.WhoYou,
		What: "the settings " + strings.Join(words, " and ") + ", which this sign-in did not request",
		Do:   "sign in again; until then the old token stays in use",
	}
}

// without returns what a holds and b does not.
func without(a, b []string) []string {
	var rest []string
	for _, s := range a {
		if !slices.Contains(b, s) {
			rest = append(rest, s)
		}
	}
	return rest
}

// mayAddOffline reports whether asking for offline_access is what may make the
// provider give a refresh token.
func mayAddOffline(f Facts) bool {
	preset, _ := provider.Find(f.Tool.Provider)
	return f.Tokens.Refresh == "" && !f.Tokens.RefreshRefused && f.Tool.Grant == auth.GrantCode && !f.Tool.AsksOffline() &&
		!preset.RefusesOffline
}

// outlives warns of a refresh token that outlives the person's session at the
// provider where the tool wants none that does.
func outlives(f Facts, b auth.Binding) []string {
	if !f.Tool.WantsSessionBound || b != auth.BoundOffline {
		return nil
	}
	w := "session_bound = true, but the provider gave an offline refresh token, which goes on after you sign out in the browser"
	if f.Tool.AsksOffline() {
		w += ": take offline_access out of the tool's scopes"
	}
	return []string{w}
}
