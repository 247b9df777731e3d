package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"keyfob/auth"
	"keyfob/auth/loopback"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// signInFlow is one sign-in in the hands of a worker.
type signInFlow struct {
	w          *worker
	client     *oidc.Client
	tool       auth.Tool     // with the scopes that are asked for
	wanted     []string      // the scopes that are wanted, also where they are not asked for in the end
	last       *auth.Account // who is signed in, also if access has ended; nil for nobody
	anyAccount bool          // another account may take the last one's place
	prompt     string        // the `prompt` parameter, or empty
	hint       string        // of whom to expect, or empty
	noBrowser  bool
	byCaller   bool // the caller opens the browser

	report func(session.Step, *auth.Error)
	// offerAddress is given what makes an address to start a browser with, and nil
	// when there is none any more.
	offerAddress func(func() string)
}

// signInResult is what a sign-in brings back.
type signInResult struct {
	tokens   auth.Tokens
	store    string      // where tokens are
	keychain *auth.Error // why they are not in the keychain
	err      error       // nil when there are tokens
}

func failedSignIn(err error) signInResult { return signInResult{err: err} }

var errTooLate = errors.New("nobody answered in the browser")

// run signs in, and once more without offline_access where a provider gives
// that to some people only.
func (s *signInFlow) run(ctx context.Context) signInResult {
	ctx, cancel := context.WithTimeoutCause(ctx, s.w.cfg.SignInTimeout, errTooLate)
	defer cancel()
	tool := s.tool
	r := s.try(ctx)
	if less, ok := provider.WithoutOffline(tool, r.err); ok {
		// The person has just signed in there and need not do it again.
		s.tool, s.prompt = less, ""
		r = s.try(ctx)
	}
	if r.err != nil && ctx.Err() != nil {
		r.err = whyCanceled(ctx, tool)
	}
	return r
}

// try is the authorization code flow with PKCE on a loopback redirect
// (RFC 8252). The browser's page says "signed in" only when the tokens are
// verified and stored.
//
// The browser is started with an address of the listener's that sends it on: the
// request holds state and nonce, and every user may read a command line.
func (s *signInFlow) try(ctx context.Context) signInResult {
	var err error
	if s.client, err = s.w.cfg.Client(s.tool); err != nil {
		return failedSignIn(err)
	}
	if s.tool.Grant == auth.GrantService {
		return s.fetch(ctx)
	}
	if _, err := s.client.Discover(ctx, s.tool); err != nil {
		return failedSignIn(err)
	}
	s.report(session.Step{Name: session.StepDiscovered, Detail: s.tool.Issuer}, nil)

	listener, err := loopback.Listen(ctx, loopback.Options{Redirect: s.tool.Redirect, Ports: s.tool.Ports, Who: s.w.cfg.Who})
	if err != nil {
		return failedSignIn(err)
	}
	defer listener.Close()
	s.report(session.Step{Name: session.StepListening, Detail: listener.RedirectURI()}, nil)

	req, err := s.client.Begin(ctx, s.tool, listener.RedirectURI(), oidc.BeginOptions{Prompt: s.prompt, LoginHint: s.hint})
	if err != nil {
		return failedSignIn(err)
	}
	address := func() string { return listener.Hand(auth.Secret(req.URL)).URL() }
	s.offerAddress(address)
	defer s.offerAddress(nil)
	s.open(ctx, req.URL, address)

	client, tool := s.client, s.tool
	warm, stop := context.WithCancel(ctx)
	defer stop()
	s.w.running.Go(func() { _ = client.Warm(warm, tool) }) // the keys, while the person types

	callback, err := listener.Wait(ctx, req.State)
	if err != nil {
		return failedSignIn(err)
	}
	r := s.redeem(ctx, req, callback)
	if _, again := provider.WithoutOffline(s.tool, r.err); again {
		callback.Again()
	} else {
		callback.Finish(r.err == nil)
	}
	return r
}

// open has the browser opened, and reports how. It is started with an address
// that start makes, and sent to address.
func (s *signInFlow) open(ctx context.Context, address string, start func() string) {
	step := session.Step{Name: session.StepBrowser, Detail: address}
	var problem *auth.Error
	switch {
	case s.noBrowser:
		step.Name = session.StepAddress
	case s.byCaller:
		step.Open = start()
	default:
		if err := s.w.cfg.OpenBrowser(ctx, start()); err != nil {
			// A person can still open the address, so the wait goes on.
			step.Name, problem = session.StepAddress, auth.AsError(err)
		}
	}
	s.report(step, problem)
}

// redeem turns the provider's answer in the browser into stored tokens.
func (s *signInFlow) redeem(ctx context.Context, req *oidc.Request, callback *loopback.Callback) signInResult {
	code, err := s.client.CheckCallback(req, callback.Values)
	if err != nil {
		return failedSignIn(err)
	}
	s.report(session.Step{Name: session.StepAuthorized, Detail: ""}, nil)
	tokens, err := s.client.Exchange(ctx, req, code)
	if err != nil {
		return failedSignIn(err)
	}
	tokens.Set, tokens.SignedInAt = rand.Text(), tokens.IssuedAt
	if oidc.Nameless(s.tool, tokens) {
		// A name is for the eye alone, so that none is no failure.
		if account, err := s.client.UserInfo(ctx, s.tool, tokens); err == nil {
			tokens.Account = account
		}
	}
	if e := s.checkAccount(tokens.Account); e != nil {
		s.discard(ctx, tokens)
		return failedSignIn(e)
	}
	tokens.Asked = s.wanted
	s.report(session.Step{Name: session.StepVerified, Detail: tokens.Account.Label()}, nil)
	return s.save(ctx, tokens)
}

// discard revokes tokens that nobody is going to have, as far as the provider
// takes that.
func (s *signInFlow) discard(ctx context.Context, t auth.Tokens) {
	client, tool := s.client, s.tool
	s.w.running.Go(func() {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeWithin)
		defer cancel()
		_ = client.Revoke(within, tool, t)
	})
}

// save stores what a sign-in brought. From here on a cancelled sign-in would
// throw away what the person did.
func (s *signInFlow) save(ctx context.Context, tokens auth.Tokens) signInResult {
	ctx = context.WithoutCancel(ctx)
	release, err := s.w.cfg.Lock(ctx, s.tool.ID)
	if err != nil {
		return failedSignIn(err)
	}
	defer release()
	store, fault := s.w.save(ctx, s.tool.ID, tokens)
	s.report(session.Step{Name: session.StepStored, Detail: store}, nil)
	return signInResult{tokens: tokens, store: store, keychain: fault}
}

// whyCanceled tells a sign-in that took too long from one that was cancelled.
func whyCanceled(ctx context.Context, tool auth.Tool) *auth.Error {
	e := &auth.Error{
		Kind: auth.KindCanceled, Code: auth.CodeCanceled, Who: auth.WhoYou,
		What: "the sign-in was cancelled", Err: context.Cause(ctx),
	}
	if errors.Is(e.Err, errTooLate) {
		e.Code, e.What, e.Do = auth.CodeTimeout, "the browser sent no answer in time", "sign in again, and look at what the browser says"
		if uris := provider.RedirectURIs(tool); uris[0] != "" {
			// A provider that does not know the redirect URI says so on a page of its own.
			e.Do += "; if that is about a redirect URI, register " + strings.Join(uris, " and ")
		}
	}
	return e
}
