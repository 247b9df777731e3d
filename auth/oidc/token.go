package oidc

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"

	"keyfob/auth"
)

// Exchange turns the code that answered req into verified tokens. It sends one
// POST, and never a second one for the same request: a code that comes twice
// makes a provider end the whole sign-in (RFC 6749 section 10.5).
//
// Errors: KindTransient for network and outage, KindSetup for a client that the
// provider does not accept, KindProtocol for tokens that were refused,
// KindFailed when the code was not accepted.
func (c *Client) Exchange(ctx context.Context, req *Request, code auth.Secret) (auth.Tokens, error) {
	if !req.spent.CompareAndSwap(false, true) {
		return auth.Tokens{}, &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeSpent,
			What: "the code of this sign-in was already used",
			Do:   "sign in again",
			Who:  auth.WhoYou,
		}
	}
	if err := c.hangUp(); err != nil {
		return auth.Tokens{}, err
	}
	conf, err := c.config(ctx, req.tool, req.metadata)
	if err != nil {
		return auth.Tokens{}, err
	}
	conf.RedirectURL = req.redirect
	opts := []oauth2.AuthCodeOption{oauth2.VerifierOption(req.verifier.Reveal())}
	if req.tool.Has(auth.QuirkScopeAtToken) {
		opts = append(opts, oauth2.SetAuthURLParam("scope", strings.Join(req.tool.Scopes, " ")))
	}
	a, err := c.grant(ctx, req.metadata, req.tool, func(ctx context.Context) error {
		_, err := conf.Exchange(ctx, code.Reveal(), opts...)
		return err
	}, code, req.verifier, auth.Secret(conf.ClientSecret))
	if err != nil {
		return auth.Tokens{}, err
	}
	if a.id == "" {
		return auth.Tokens{}, refused(
			auth.CodeNoIDToken,
			"the provider issued no ID token",
			"ask for the scope openid, and check that the provider speaks OpenID Connect",
			nil,
		)
	}
	now := c.now()
	at := c.since(req.tool, now)
	claims, err := c.verify(ctx, req.tool, req.metadata, a.id, a.access, at)
	if err != nil {
		return auth.Tokens{}, err
	}
	if err := claims.checkFirst(req, at); err != nil {
		return auth.Tokens{}, err
	}
	t := auth.Tokens{
		ID:         a.id,
		Account:    claims.account(req.metadata.issuerOf(claims)),
		SignedInAt: now,
		Nonce:      req.nonce,
		Set:        rand.Text(),
		Client:     req.tool.ClientID,
	}
	t.AuthTime, _ = claims.time("auth_time")
	c.fill(&t, a)
	return t, nil
}

// Refresh renews old with its refresh token in one POST. The new refresh token
// must be stored before anything else is done, since the old one may be void:
// [OnlyRefresh] is the set to store meanwhile.
//
// fresh.Unverified is set when an ID token came back, or is missing where one is
// needed; VerifyRefreshed has to check it, and before that nothing else of fresh
// may be stored. An answer that is refused although it holds a new refresh token
// or an ID token gives a KindProtocol error and, in fresh, the old set with the
// new refresh token, marked where an ID token was not looked at: store that too.
// After any other error fresh is the zero Tokens.
//
// A service account has no refresh token: it gets a new token with its secret.
//
// Errors: KindGrant when the provider refused the refresh token for good or wants
// a person, KindTransient for network and outage, KindSetup for a client that
// the provider does not accept, KindSignIn when there is no refresh token or the
// tool's settings name another provider by now.
func (c *Client) Refresh(ctx context.Context, tool auth.Tool, old auth.Tokens) (fresh auth.Tokens, err error) {
	if tool.Grant == auth.GrantService {
		fresh, err := c.ServiceTokens(ctx, tool)
		if err == nil {
			fresh.Set, fresh.SignedInAt = old.Set, old.SignedInAt
		}
		return fresh, err
	}
	if old.Refresh == "" {
		return auth.Tokens{}, &auth.Error{
			Kind: auth.KindSignIn,
			Code: auth.CodeNoRefreshToken,
			What: "there is no refresh token",
			Do:   "sign in again",
			Who:  auth.WhoYou,
		}
	}
	if err := sameIssuer(tool, old); err != nil {
		return auth.Tokens{}, err
	}
	if err := c.hangUp(); err != nil {
		return auth.Tokens{}, err
	}
	m, err := c.Discover(ctx, tool)
	if err != nil {
		return auth.Tokens{}, err
	}
	conf, err := c.config(ctx, tool, m)
	if err != nil {
		return auth.Tokens{}, err
	}
	a, err := c.grant(ctx, m, tool, func(ctx context.Context) error {
		_, err := conf.TokenSource(ctx, &oauth2.Token{RefreshToken: old.Refresh.Reveal()}).Token()
		return err
	}, old.Refresh, auth.Secret(conf.ClientSecret))
	if err != nil {
		e := *auth.AsError(err)
		if e.Code == auth.CodeInvalidGrant || e.Kind == auth.KindSignIn {
			e.Kind = auth.KindGrant
		}
		if a.refresh == "" && !a.named {
			return auth.Tokens{}, &e
		}
		fresh = old
		c.fillRefresh(&fresh, a)
		// It said whose it is, which was not looked at: the next has to say it again.
		fresh.RefreshUnproven = old.RefreshUnproven || a.named
		return fresh, &e
	}
	fresh = old
	c.fill(&fresh, a)
	fresh.Client = tool.ClientID // a refresh token is its client's alone, RFC 6749 section 6
	if fresh.Refusal = nil; a.id != "" || old.RefreshUnproven {
		fresh.ID, fresh.Unverified = a.id, true
	}
	return fresh, nil
}

// OnlyRefresh is old with the refresh token of fresh, an answer that is not yet
// verified: what may be stored of it.
func OnlyRefresh(old, fresh auth.Tokens) auth.Tokens {
	if fresh.Refresh == old.Refresh {
		return old
	}
	old.Refresh, old.RefreshExpiry, old.RefreshEndFixed = fresh.Refresh, fresh.RefreshExpiry, fresh.RefreshEndFixed
	old.RefreshUnproven = old.RefreshUnproven || fresh.Unverified
	return old
}

// hangUp closes the connections that nobody uses, so that a request which can be
// sent only once takes a new one. The server may be closing one that has been
// idle since the browser was opened, and the code would be lost with it. One from
// before a sleep, or from before the network was lost, takes the request without
// a word; the system delivers it when the network is back, long after it was
// given up, and the provider spends the refresh token on it.
func (c *Client) hangUp() error {
	h, err := c.client()
	if err == nil {
		h.CloseIdleConnections()
	}
	return err
}

// sameIssuer makes sure that t came from the tool's provider: after a change of
// the settings, one provider's tokens must not be sent to another.
func sameIssuer(tool auth.Tool, t auth.Tokens) error {
	for _, pattern := range tool.Issuers() {
		if auth.MatchIssuer(pattern, t.Account.Issuer) {
			return nil
		}
	}
	return &auth.Error{
		Kind: auth.KindSignIn,
		Code: auth.CodeOtherIssuer,
		What: "the last sign-in was at another provider, " + auth.Quote(t.Account.Issuer),
		Do:   "sign in again",
		Who:  auth.WhoYou,
	}
}

// fill puts a into t, keeping what a does not speak of: the refresh token (RFC
// 6749 section 6) and the scopes.
func (c *Client) fill(t *auth.Tokens, a answer) {
	now := c.now()
	t.Access, t.Type, t.IssuedAt, t.Expiry = a.access, "Bearer", now, now.Add(a.lifetime)
	c.fillRefresh(t, a)
	if a.scopes != nil {
		t.Scopes = a.scopes
	}
}

// fillRefresh is the part of fill that is about the refresh token.
func (c *Client) fillRefresh(t *auth.Tokens, a answer) {
	if a.refresh != "" && a.refresh != t.Refresh {
		t.Refresh, t.RefreshExpiry = a.refresh, time.Time{}
	}
	if a.refreshLifetime > 0 && t.Refresh != "" {
		t.RefreshExpiry = c.now().Add(a.refreshLifetime)
	}
}

// MissingScopes returns the tool's mandatory scopes that the provider did not
// grant. A provider that says nothing granted what was asked (RFC 6749 section
// 5.1). For offline_access it is the refresh token that counts: some providers
// give one and never list the scope, others list it and give none.
func MissingScopes(tool auth.Tool, t auth.Tokens) []string {
	granted := t.Scopes
	if granted == nil {
		granted = tool.Scopes
	}
	var missing []string
	for _, s := range tool.MandatoryScopes {
		has := slices.Contains(granted, s)
		if s == "offline_access" {
			has = t.Refresh != ""
		}
		if !has {
			missing = append(missing, s)
		}
	}
	return missing
}

// config is x/oauth2's view of tool. The way of authenticating is always fixed:
// left open, x/oauth2 sends a grant that failed a second time.
func (c *Client) config(ctx context.Context, tool auth.Tool, m *Metadata) (*oauth2.Config, error) {
	conf := &oauth2.Config{
		ClientID: tool.ClientID,
		Endpoint: oauth2.Endpoint{TokenURL: m.TokenEndpoint, AuthStyle: oauth2.AuthStyleInParams},
	}
	switch tool.ClientAuth {
	case auth.ClientAuthNone, "":
		return conf, nil
	case auth.ClientAuthForm:
	case auth.ClientAuthHeader, auth.ClientAuthQuery: // grant moves it into the address
		conf.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	default:
		return nil, setup(
			auth.CodeBadClientAuth,
			"the way of client authentication "+auth.Quote(string(tool.ClientAuth))+" is not supported",
			"use none, form or header as client_auth",
		)
	}
	if c.Secret != nil {
		s, err := c.Secret(ctx, tool)
		if err != nil {
			return nil, err
		}
		conf.ClientSecret = s.Reveal()
	}
	if conf.ClientSecret == "" {
		return nil, setup(
			auth.CodeNoClientSecret,
			"no client secret is stored for "+tool.Name,
			"run `keyfob tools secret "+tool.ID+"` to store it",
		)
	}
	return conf, nil
}

// grant lets x/oauth2 build and send a token request with send, and reads the
// answer itself. x/oauth2 (0.37) would follow a 307 with code and verifier to
// another host, lose a rotated refresh token over an expires_in of 3600.5, take
// an expires_in of 0 for eternity, accept any token type and line breaks in
// tokens, read a form as an answer, and quote the body in its errors.
func (c *Client) grant(
	ctx context.Context,
	m *Metadata,
	tool auth.Tool,
	send func(context.Context) error,
	secrets ...auth.Secret,
) (answer, error) {
	h, err := c.client()
	if err != nil {
		return answer{}, err
	}
	once := &once{client: c, base: h.Transport}
	if tool.ClientAuth == auth.ClientAuthQuery {
		once.base = inAddress{h.Transport}
	}
	err = send(context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: once, Timeout: h.Timeout}))
	switch {
	case once.err != nil:
		// x/oauth2's error knows of a timeout, the transport's of the rest.
		e := c.netError(ctx, once.host, errors.Join(err, once.err))
		if once.wrote.Load() {
			e.Err = errors.Join(ErrNoAnswer, e.Err)
		}
		return answer{}, e
	case !once.sent:
		return answer{}, refused(auth.CodeNotSent, "the token request could not be made", "check the provider's metadata", err)
	}
	c.issuer(tool).noteClock(once.reply.clock)
	if e := once.reply.grantError(c.now(), m.Issuer, tool, secrets); e != nil {
		if s := once.reply.status; s == http.StatusBadGateway || s == http.StatusGatewayTimeout {
			e.Err = errors.Join(ErrNoAnswer, e.Err) // the provider's answer, if any, ended at a gateway
		}
		return answer{}, e
	}
	return once.reply.parse()
}

// once is a transport for one request. It keeps the answer and shows x/oauth2 an
// empty success in its place.
type once struct {
	client *Client
	base   http.RoundTripper
	sent   bool        // it was asked for
	wrote  atomic.Bool // some of it went out
	host   string
	reply  reply
	err    error
}

// RoundTrip implements [http.RoundTripper].
func (o *once) RoundTrip(req *http.Request) (*http.Response, error) {
	if o.sent {
		return nil, errors.New("a token request is sent once")
	}
	o.sent, o.host = true, req.URL.Host
	req = req.Clone(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { o.wrote.Store(true) },
	}))
	req.Header.Set("Accept", "application/json")
	asked := o.client.now()
	resp, err := o.base.RoundTrip(req)
	if err == nil {
		o.reply, err = o.client.read(resp, req.URL.Host, asked)
	}
	if err != nil {
		o.err = err
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(strings.NewReader(`{"access_token":"-"}`)),
	}, nil
}
