package engine

import (
	"context"
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// revokeWithin bounds what a sign-out waits for at the provider, and for the
// browser to start.
const revokeWithin = 10 * time.Second

// providerSignOut is the part of a sign-out that happens at the provider, in
// the hands of a worker.
type providerSignOut struct {
	w       *worker
	client  *oidc.Client
	tool    auth.Tool
	tokens  auth.Tokens
	options session.SignOutOptions
}

// run does at the provider what can be done.
func (s providerSignOut) run(ctx context.Context) session.SignOutResult {
	if s.tokens.Client != "" && !s.tool.ClientAuth.NeedsSecret() {
		s.tool.ClientID = s.tokens.Client // the settings may name another one by now
	}
	result := s.signOut(ctx)
	if preset, ok := provider.Find(s.tool.Provider); ok && result.Incomplete && !preset.Generic {
		result.Rule = preset.SignOut
	}
	return result
}

func (s providerSignOut) signOut(ctx context.Context) (result session.SignOutResult) {
	var err error
	if s.client, err = s.w.cfg.Client(s.tool); err != nil {
		return notTold("the provider was not told: " + auth.AsError(err).What)
	}
	if otherClient(s.tool, s.tokens) != nil {
		return notTold("the provider was not told, since the tokens were another one's than the settings name now")
	}
	if s.tool.Issuer == "" && s.tool.Grant == auth.GrantService { // a token address alone
		return notTold("the settings name no address for a revocation, so " + s.stillValid())
	}
	// Whoever ends the program now wants the token to end as well.
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeWithin)
	defer cancel()
	meta, err := s.client.Discover(within, s.tool)
	if err != nil {
		return notTold("the provider was not told (" + auth.AsError(err).What + "), so " + s.stillValid())
	}
	revoked := onceMore(within, func() error { return s.client.Revoke(within, s.tool, s.tokens) })
	var browser session.SignOutResult // which does not wait for a second try
	switch page := pageOf(meta, s.tokens); {
	case !s.options.Browser || s.tool.Grant == auth.GrantService:
	case page != "" && slices.Contains(s.options.Pages, page):
		addWords(&browser, "the same sign-out page ends the browser's session at the provider")
	case s.openPage(ctx, &browser):
		result.Page = page
	}
	if meta.RevocationEndpoint == "" {
		addRemaining(&result, "the provider does not support revocation, so "+s.stillValid())
	} else {
		s.addRevocation(&result, <-revoked)
	}
	result.Words, result.Incomplete = append(result.Words, browser.Words...), result.Incomplete || browser.Incomplete
	return result
}

// pageOf names the session that a browser has at a provider: all tools of one
// account share it, whatever their client. What an account is called is
// compared, since a provider may give each client a subject of its own.
func pageOf(meta *oidc.Metadata, t auth.Tokens) string {
	if meta.EndSessionEndpoint == "" {
		return ""
	}
	return meta.EndSessionEndpoint + " " + t.Account.Label()
}

// onceMore tries, and once again later if the provider asks for a pause that
// ends before ctx does (RFC 7009 section 2.2.1). It returns after the first
// try, with where the outcome will be.
func onceMore(ctx context.Context, try func() error) <-chan error {
	outcome := make(chan error, 1)
	err := try()
	pause := time.Duration(0)
	if e := auth.AsError(err); e != nil && e.Kind == auth.KindTransient {
		pause = e.RetryAfter
	}
	if end, ok := ctx.Deadline(); pause <= 0 || !ok || time.Until(end) <= pause {
		outcome <- err
		return outcome
	}
	go func() {
		if sleep(ctx, pause) == nil {
			err = try()
		}
		outcome <- err
	}()
	return outcome
}

// addWords adds what happened, and addRemaining what is left of the sign-in.
func addWords(r *session.SignOutResult, words string) { r.Words = append(r.Words, words) }

func addRemaining(r *session.SignOutResult, words string) { addWords(r, words); r.Incomplete = true }

// addRevocation says what came of revoking the refresh token, or else the
// access token.
func (s providerSignOut) addRevocation(r *session.SignOutResult, err error) {
	what, _ := s.revocable()
	switch e := auth.AsError(err); {
	case e == nil:
		addWords(r, "the provider revoked the "+what)
	case e.Kind == auth.KindTransient:
		addRemaining(r, "the provider did not answer the revocation ("+e.What+"), so "+s.stillValid())
	default:
		addRemaining(r, "the provider refused the revocation ("+e.What+"), so "+s.stillValid())
	}
}

// revocable is the token that a revocation is about, and its end.
func (s providerSignOut) revocable() (what string, end time.Time) {
	if s.tokens.Refresh == "" {
		return "access token", s.tokens.Expiry
	}
	return "refresh token", s.tokens.RefreshExpiry
}

// stillValid says what goes on at a provider that has not voided the tokens.
func (s providerSignOut) stillValid() string {
	what, end := s.revocable()
	until := "until it expires"
	if !end.IsZero() {
		until = wording.Until(end, s.w.cfg.Now())
	}
	return "the " + what + ", deleted here, stays valid at the provider " + until
}
