package conformance_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/keychain"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

const (
	discoveryPath = "/.well-known/openid-configuration"
	password      = "correct-horse-battery"
	clientSecret  = "s3cret/of+the client"
)

// fixture is what the tests share, since keys are slow to make: a provider, and
// keys of which the provider knows nothing.
type fixture struct {
	provider  *idp.Provider
	rsa, next *authtest.Signer
	ec        *authtest.Signer
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	p, err := idp.New(idp.Config{
		RSA:   authtest.RSA(),
		Users: map[string]auth.Secret{"ada": password},
		Clients: []idp.Client{
			{ID: "native", Refresh: true},
			{ID: "confidential", Secret: clientSecret},
			{ID: "ec", Alg: "ES256"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{p, authtest.NewSigner("RS256", "one"), authtest.NewSigner("RS256", "two"), authtest.NewSigner("ES256", "ec")}
}

// rig is one tool of a person's, with nothing stored as yet.
type rig struct {
	*testing.T
	*fixture
	faults  *authtest.Faults
	browser *authtest.Browser
	store   *memory.Store
	client  *oidc.Client
	tool    auth.Tool // may be changed before start

	m *engine.Manager
}

func newRig(t *testing.T, w *fixture, mode string) *rig {
	t.Helper()
	r := &rig{
		T: t, fixture: w, faults: authtest.NewFaults(w.provider), store: memory.New(),
		browser: &authtest.Browser{Person: idp.Person{Username: "ada", Password: password}},
		client: &oidc.Client{Secret: func(context.Context, auth.Tool) (auth.Secret, error) {
			return clientSecret, nil
		}},
	}
	r.tool = auth.Tool{
		ID: "tool", Name: "Tool", Provider: "oidc", Issuer: authtest.Serve(t, r.faults), ClientID: "native",
		ClientAuth: auth.ClientAuthNone, Scopes: []string{"openid", "profile", "email", "offline_access"},
		Redirect: "http://127.0.0.1/callback", Params: map[string]string{"response_mode": mode},
	}
	return r
}

// start begins what the tool's owner has: a manager with the real listener.
func (r *rig) start() {
	r.m = engine.New(engine.Config{
		Tools: []auth.Tool{r.tool}, Store: r.store, Now: time.Now,
		Client:      func(auth.Tool) (*oidc.Client, error) { return r.client, nil },
		OpenBrowser: func(_ context.Context, address string) error { return r.browser.Open(address) },
		Lock:        func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { r.m.Run(ctx); close(ended) }()
	r.Cleanup(func() { cancel(); <-ended; _ = r.browser.Wait() })
}

// signIn has the person sign in, sees to it that the outcome is whole, and
// returns it.
func (r *rig) signIn() string {
	r.Helper()
	err := r.m.SignIn(r.Context(), "tool", session.SignInOptions{})
	page := r.browser.Wait()
	kept, none := r.store.Load(r.Context(), "tool")
	got, noToken := r.m.Token(r.Context(), "tool", session.TokenOptions{})
	if err == nil {
		if page != nil {
			r.Errorf("the browser showed a failure: %v", page)
		}
		if none != nil || noToken != nil || got.Access != kept.Access || r.hello(got) != http.StatusOK {
			r.Errorf("signed in without a token that works: %v, %v", none, noToken)
		}
		return "accepted"
	}
	if len(r.browser.Opened()) > 0 && page == nil {
		r.Error("the browser showed no failure")
	}
	if !errors.Is(none, keychain.ErrNotFound) || auth.KindOf(noToken) != auth.KindSignIn || got.Access != "" {
		r.Errorf("something was stored or handed out: %v, %v", none, noToken)
	}
	if s := r.snapshot(); s.State != session.SignedOut || s.Account != "" {
		r.Errorf("the session is %+v", s)
	}
	if r.faults.Seen("/token") > 1 || r.faults.Seen("/userinfo") > 0 {
		r.Errorf("%d token requests, %d to UserInfo", r.faults.Seen("/token"), r.faults.Seen("/userinfo"))
	}
	return rejected(err)
}

// rejected is how a table names an error.
func rejected(err error) string {
	e := auth.AsError(err)
	return fmt.Sprintf("rejected: %s %s", e.Kind, e.Code)
}

func (r *rig) snapshot() session.Snapshot {
	r.Helper()
	all, err := r.m.Snapshots(r.Context())
	if err != nil || len(all) != 1 {
		r.Fatal(len(all), err)
	}
	return all[0]
}

// hello asks the provider's resource whether an access token is good.
func (r *rig) hello(t auth.Tokens) int {
	w := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(r.Context(), http.MethodGet, r.tool.Issuer+"/api/hello", nil)
	req.Header.Set("Authorization", "Bearer "+t.Access.Reveal())
	r.provider.ServeHTTP(w, req)
	return w.Code
}

// keys makes the provider publish the keys of these signers.
func (r *rig) keys(signers ...*authtest.Signer) { r.faults.Set("/jwks", authtest.Keys(signers...)) }

// sign makes the provider's ID tokens signed by s, after edit.
func (r *rig) sign(s *authtest.Signer, edit func(header, claims map[string]any)) {
	r.faults.Set("/token", authtest.RewriteIDToken(edit, s))
}

// claim is a change that sets one claim, or with nil removes it.
func claim(name string, value any) func(_, claims map[string]any) {
	return func(_, claims map[string]any) {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
}

// nameless is a change that leaves no name in an ID token.
func nameless(_, claims map[string]any) {
	for _, name := range []string{"name", "preferred_username", "email"} {
		delete(claims, name)
	}
}

// damage changes the signature of the ID token in a token answer.
func damage(answer map[string]any) {
	jwt := fmt.Sprint(answer["id_token"])
	at := strings.LastIndexByte(jwt, '.') + 1
	first := "A"
	if jwt[at] == 'A' {
		first = "B"
	}
	answer["id_token"] = jwt[:at] + first + jwt[at+1:]
}

// metadata changes the provider's metadata.
func (r *rig) metadata(name string, value any) {
	r.faults.Set(discoveryPath, authtest.RewriteJSON(func(m map[string]any) { m[name] = value }))
}

// move lets the provider answer for path at another one too.
func (r *rig) move(path, to string) {
	r.faults.Set(to, func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		req.URL.Path = path
		next.ServeHTTP(w, req)
	})
}

// jwk is s's public key as JSON.
func (r *rig) jwk(s *authtest.Signer) string {
	b, err := json.Marshal(s.JWK())
	if err != nil {
		r.Fatal(err)
	}
	return string(b)
}
