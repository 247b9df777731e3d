// Package providers stands in for the providers that Keyfob has presets for:
// over the small provider of auth/idp, which really signs people in, lies a
// layer that takes on each one's addresses, its issuer, the shape of its
// answers, its rule for refresh tokens and its ways of signing out.
//
// It knows those from their documentation and shares nothing with
// auth/provider, so that the two can be held against each other. It must never
// be linked into a program.
package providers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

// Secret is the client secret of the providers that demand one.
const Secret auth.Secret = "GOCSPX-not-much-of-a-secret"

// Tenant is the ID of the tenant of Microsoft's providers.
const Tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"

const (
	user     = "ada"
	password = "correct-horse-battery"
)

// Config says which provider it is and how it is set up.
type Config struct {
	Provider  string           // a preset's ID
	Now       func() time.Time // the clock
	ClientID  string
	Redirects []string // the registered redirect URIs

	NoRefresh     bool // whoever runs it has switched refresh tokens off for the client
	NoOfflineRole bool // Keycloak: the person may not have offline_access
	TrailingSlash bool // AD FS: the issuer ends with one
	TFP           bool // B2C: the policy's issuer is the one with /tfp/
	AccessTTL     time.Duration
}

// Provider is one that runs until the test ends.
type Provider struct {
	t   testing.TB
	cfg Config
	is  behaviour

	idp    *idp.Provider
	signer *authtest.Signer
	server *url.URL

	mu       sync.Mutex
	requests map[string]url.Values // authorization requests by state
	codes    map[string]url.Values // the same by code
	tokens   map[string]*refreshToken
	grants   []*grant
	seen     []string
	refusal  *Refusal   // of every token request; nil for none
	denial   url.Values // what the browser is sent back with; nil for a page to sign in
}

// Refusal is how a provider refuses a token request.
type Refusal struct {
	Status int
	Body   string // JSON
}

// grant is one sign-in.
type grant struct {
	asked   url.Values
	inner   string // the refresh token of the provider beneath
	started time.Time
	offline bool
	ended   bool
}

// refreshToken is one that was handed out.
type refreshToken struct {
	grant *grant
	used  bool
}

// signer signs for all of them: making a key is the slow part of a start.
var signer = sync.OnceValue(func() *authtest.Signer { return authtest.NewSigner("RS256", "signing-key") })

// Start runs the provider that cfg describes.
func Start(t testing.TB, cfg Config) *Provider {
	t.Helper()
	is, ok := behaviours(cfg)[cfg.Provider]
	if !ok {
		t.Fatalf("nothing behaves as %q", cfg.Provider)
	}
	if cfg.AccessTTL == 0 {
		cfg.AccessTTL = time.Hour
	}
	client := idp.Client{ID: cfg.ClientID, Refresh: true, AccessTTL: cfg.AccessTTL, Alg: "ES256"} // signed anew above
	if is.secret {
		client.Secret = Secret
	}
	inner, err := idp.New(
		idp.Config{Clients: []idp.Client{client}, Users: map[string]auth.Secret{user: password}, Now: cfg.Now, RSA: authtest.RSA()},
	)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{
		t: t, cfg: cfg, is: is, idp: inner, signer: signer(),
		requests: map[string]url.Values{}, codes: map[string]url.Values{}, tokens: map[string]*refreshToken{},
	}
	if p.server, err = url.Parse(authtest.Serve(t, p)); err != nil {
		t.Fatal(err)
	}
	return p
}

// Client returns an HTTP client for which every address on earth is this
// provider, so that a preset's real addresses can be asked.
func (p *Provider) Client() *http.Client {
	base := &http.Transport{}
	p.t.Cleanup(base.CloseIdleConnections)
	return &http.Client{Transport: everywhere{p.server, base}}
}

type everywhere struct {
	server *url.URL
	base   http.RoundTripper
}

func (e everywhere) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" {
		return nil, fmt.Errorf("the request goes out unencrypted, by %s", req.URL.Scheme)
	}
	inner := req.Clone(req.Context())
	inner.Host = req.URL.Host
	inner.URL.Scheme, inner.URL.Host = e.server.Scheme, e.server.Host
	return e.base.RoundTrip(inner)
}

// SignIn is a person who opens the authorization URL and signs in.
func (p *Provider) SignIn(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if u.Scheme != "https" {
		return fmt.Errorf("the person was sent to %s", u.Scheme)
	}
	u.Scheme, u.Host = p.server.Scheme, p.server.Host
	return idp.Person{Username: user, Password: password}.SignIn(ctx, u.String())
}

// SignOut is a person's browser that opens the sign-out address. It returns
// the page's status, and where it was sent to.
func (p *Provider) SignOut(ctx context.Context, address string) (status int, to string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	c := p.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	return resp.StatusCode, resp.Header.Get("Location"), resp.Body.Close()
}

// Takes reports whether the API takes the access token.
func (p *Provider) Takes(ctx context.Context, access auth.Secret) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.server.String()+"/api/hello", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+access.Reveal())
	w := record(p.idp, req)
	return w.Code == http.StatusOK
}

// Asked returns the parameters of the last authorization request.
func (p *Provider) Asked() url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.grants) == 0 {
		return nil
	}
	return p.grants[len(p.grants)-1].asked
}

// Seen returns how many requests came for path.
func (p *Provider) Seen(path string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.seen {
		if s == path {
			n++
		}
	}
	return n
}

// EndSessions is an administrator who ends all sessions of the person, in which
// offline grants go on.
func (p *Provider) EndSessions() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.grants {
		if !g.offline {
			g.ended = true
		}
	}
}

// Refuse makes the token endpoint answer with r, or with nil as it should.
func (p *Provider) Refuse(r *Refusal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusal = r
}

// Deny makes the provider send the browser back at once with v and the state.
func (p *Provider) Deny(v url.Values) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.denial = v
}

// registered reports whether redirect is, by this provider's way of comparing.
func (p *Provider) registered(redirect string) bool {
	if p.is.localhostOnly && !strings.HasPrefix(redirect, "http://localhost") {
		return false
	}
	if !p.is.exactPort {
		u, err := url.Parse(redirect)
		if err != nil {
			return false
		}
		u.Host = u.Hostname()
		redirect = u.String()
	}
	return slices.Contains(p.cfg.Redirects, redirect)
}
