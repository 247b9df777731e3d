package oidc_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
)

// clock is a clock that only the test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

const (
	discoveryPath = "/.well-known/openid-configuration"
	password      = "correct-horse-battery"
	clientSecret  = "s3cret of the client/+ä"
)

// rig is a client and a real provider with a fault layer between them.
type rig struct {
	*testing.T
	clock  *clock
	p      *idp.Provider
	faults *authtest.Faults
	client *oidc.Client
	tool   auth.Tool

	callback string
	answers  chan url.Values
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{T: t, clock: &clock{t: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}, answers: make(chan url.Values, 1)}
	clients := []idp.Client{
		{ID: "renews", Alg: "ES256", Refresh: true, AccessTTL: time.Hour},
		{ID: "ends", Alg: "ES256", Refresh: true, RefreshTTL: 8 * time.Hour},
		{ID: "plain", Alg: "ES256"},
		{ID: "secret", Alg: "ES256", Refresh: true, Secret: clientSecret},
	}
	var err error
	r.p, err = idp.New(idp.Config{Clients: clients, Users: map[string]auth.Secret{"ada": password}, Now: r.clock.now, RSA: authtest.RSA()})
	if err != nil {
		t.Fatal(err)
	}
	r.serve(r.p)
	r.callback = authtest.Serve(
		t,
		http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { r.answers <- req.URL.Query() }),
	) + "/callback"
	return r
}

// serve puts a fault layer before h and a new client before that.
func (r *rig) serve(h http.Handler) {
	r.faults = authtest.NewFaults(h)
	r.tool = auth.Tool{
		ID: "tool", Name: "Tool", Issuer: authtest.Serve(r.T, r.faults), ClientID: "renews",
		ClientAuth: auth.ClientAuthNone, Scopes: []string{"openid", "profile", "email", "offline_access"},
	}
	r.client = r.newClient()
}

func (r *rig) newClient() *oidc.Client {
	transport := &http.Transport{}
	r.Cleanup(transport.CloseIdleConnections)
	return &oidc.Client{HTTP: &http.Client{Transport: transport}, Now: r.clock.now}
}

func (r *rig) begin() *oidc.Request {
	r.Helper()
	req, err := r.client.Begin(r.Context(), r.tool, r.callback, oidc.BeginOptions{})
	if err != nil {
		r.Fatal(err)
	}
	return req
}

// code has the person sign in and returns the checked code.
func (r *rig) code(req *oidc.Request) auth.Secret {
	r.Helper()
	if err := (idp.Person{Username: "ada", Password: password}).SignIn(r.Context(), req.URL); err != nil {
		r.Fatal(err)
	}
	code, err := r.client.CheckCallback(req, <-r.answers)
	if err != nil {
		r.Fatal(err)
	}
	return code
}

// exchange is a whole sign-in, up to the result of Exchange.
func (r *rig) exchange() (auth.Tokens, error) {
	r.Helper()
	req := r.begin()
	return r.client.Exchange(r.Context(), req, r.code(req))
}

func (r *rig) signIn() auth.Tokens {
	r.Helper()
	t, err := r.exchange()
	if err != nil {
		r.Fatal(err)
	}
	return t
}

// hello asks the provider's resource whether the access token is good.
func (r *rig) hello(t auth.Tokens) int {
	r.Helper()
	w := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(r.Context(), http.MethodGet, r.tool.Issuer+"/api/hello", nil)
	req.Header.Set("Authorization", t.Type+" "+t.Access.Reveal())
	r.p.ServeHTTP(w, req)
	return w.Code
}

// wantError fails the test unless err is of this kind and code, reads as an
// error of this project should, and holds none of the secrets.
func wantError(t testing.TB, err error, kind auth.Kind, code string, secrets ...auth.Secret) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s/%s", kind, code)
	}
	e := auth.AsError(err)
	if e.Kind != kind || e.Code != code {
		t.Errorf("got %s/%s (%v), want %s/%s", e.Kind, e.Code, err, kind, code)
	}
	text := err.Error()
	if text == "" || strings.HasSuffix(text, ".") || strings.ContainsAny(text, "\r\n\x00") || e.What == "" || e.Who == "" {
		t.Errorf("the error reads %q, to be done by %q", text, e.Who)
	}
	for _, s := range secrets {
		if s != "" && strings.Contains(text, s.Reveal()) {
			t.Errorf("the error %q holds a secret", text)
		}
	}
}

// anyHost sends the requests for all hosts to one handler, without a network.
type anyHost struct{ h http.Handler }

func (a anyHost) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	a.h.ServeHTTP(w, req)
	return w.Result(), nil
}

// metadataOf is a handler for the metadata of issuer, changed by change.
func metadataOf(issuer string, change map[string]any) http.Handler {
	m := map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/a", "token_endpoint": issuer + "/t", "jwks_uri": issuer + "/k",
		"id_token_signing_alg_values_supported": []string{"RS256"},
	}
	maps.Copy(m, change)
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, m) })
}

func discover(ctx context.Context, h http.Handler, issuer string) (*oidc.Metadata, error) {
	c := &oidc.Client{HTTP: &http.Client{Transport: anyHost{h}}}
	return c.Discover(ctx, auth.Tool{Issuer: issuer})
}
