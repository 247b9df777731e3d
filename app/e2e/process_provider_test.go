//go:build linux

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

// provider is an OpenID provider on loopback behind a token endpoint that
// counts refreshes, knows what it answered, and can be held.
type provider struct {
	user   string
	issuer string
	faults *authtest.Faults

	mu      sync.Mutex
	posts   int                 // refreshes that were asked for
	grace   bool                // a refresh token that was spent is answered as before
	answers map[string]recorded // by the refresh token that was spent
	last    recorded
	before  *gate // where a refresh is held before the provider acts
	after   *gate // and before its answer goes out
	lose    int   // so many answers to come are cut off on their way
}

// recorded is an answer to a refresh.
type recorded struct {
	code int
	body []byte
	set  struct {
		Access  auth.Secret `json:"access_token"`
		Refresh auth.Secret `json:"refresh_token"`
	}
}

func newProvider(t *testing.T, user string) *provider {
	t.Helper()
	p, err := idp.New(idp.Config{
		Users:   map[string]auth.Secret{user: "pw"},
		Clients: []idp.Client{{ID: "renews", Refresh: true, AccessTTL: time.Hour, Alg: "ES256"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	out := &provider{user: user, faults: authtest.NewFaults(p), answers: map[string]recorded{}}
	out.faults.Set("/token", out.token)
	out.issuer = authtest.Serve(t, out.faults)
	return out
}

func (p *provider) token(w http.ResponseWriter, r *http.Request, next http.Handler) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("grant_type") != "refresh_token" {
		next.ServeHTTP(w, r)
		return
	}
	p.mu.Lock()
	p.posts++
	before, after := p.before, p.after
	rec, again := p.answers[form.Get("refresh_token")]
	again = again && p.grace
	p.mu.Unlock()
	if !before.pass(r.Context()) {
		panic(http.ErrAbortHandler)
	}
	if !again {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		rec = recorded{code: answer.Code, body: answer.Body.Bytes()}
		_ = json.Unmarshal(rec.body, &rec.set) // nothing in an error
		p.mu.Lock()
		if rec.set.Refresh != "" {
			p.answers[form.Get("refresh_token")], p.last = rec, rec
		}
		p.mu.Unlock()
	}
	if !after.pass(r.Context()) || p.loses() {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(rec.code)
	_, _ = w.Write(rec.body)
}

// loses reports whether this answer is lost.
func (p *provider) loses() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose--
	return p.lose >= 0
}

// lossy makes the provider lose the next n answers, with or without a period
// of grace in which it answers again.
func (p *provider) lossy(n int, grace bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose, p.grace = n, grace
}

// asked is how many refreshes were asked for.
func (p *provider) asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.posts
}

// issued is the last set that a refresh brought.
func (p *provider) issued() (access, refresh auth.Secret) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last.set.Access, p.last.set.Refresh
}

// hold sets the gates, nil for none, and forgets what was issued.
func (p *provider) hold(before, after *gate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.before, p.after, p.last = before, after, recorded{}
}

// reset lets everything through again, with or without a period of grace.
func (p *provider) reset(grace bool) {
	for _, path := range []string{"/.well-known/openid-configuration", "/jwks"} {
		p.faults.Clear(path)
	}
	p.hold(nil, nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.grace = grace
}

// gate stops who comes until it is opened. A nil gate is open.
type gate struct {
	reached, open chan struct{}
	once          sync.Once
}

func newGate() *gate { return &gate{reached: make(chan struct{}), open: make(chan struct{})} }

// pass waits and reports whether the gate was opened before ctx ended.
func (g *gate) pass(ctx context.Context) bool {
	if g == nil {
		return true
	}
	g.once.Do(func() { close(g.reached) })
	select {
	case <-g.open:
		return true
	case <-ctx.Done():
		return false
	}
}

// fault holds every request for a path.
func (g *gate) fault(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if g.pass(r.Context()) {
		next.ServeHTTP(w, r)
	}
}
