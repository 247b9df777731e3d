package idp_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/idp"
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

// bench is a provider that listens, with a client's view of it.
type bench struct {
	*testing.T
	p      *idp.Provider
	issuer string
	clock  *clock
	http   *http.Client
}

const verifier = "0123456789abcdefghijklmnopqrstuvwxyz-._~ABCDEFG"

func newBench(t *testing.T) *bench {
	c := &clock{t: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	p, err := idp.New(idp.Config{
		Clients: []idp.Client{
			{ID: "plain", Alg: "ES256", AccessTTL: 2 * time.Minute},
			{ID: "renews", Alg: "ES256", Refresh: true, RefreshTTL: time.Hour},
			{ID: "secret", Alg: "ES256", Secret: "p/ss w:rd"},
		},
		Users: map[string]auth.Secret{"ada": "lovelace"},
		Now:   c.now,
	})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(client.CloseIdleConnections)
	return &bench{T: t, p: p, issuer: issuer, clock: c, http: client}
}

func (b *bench) request(client string, change url.Values) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	v := url.Values{
		"response_type": {"code"}, "client_id": {client}, "redirect_uri": {"http://127.0.0.1:9/callback"},
		"scope": {"openid profile email offline_access"}, "state": {"st&te"}, "nonce": {"n0nce"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for name, values := range change {
		v[name] = values
		if values == nil {
			delete(v, name)
		}
	}
	return v
}

func (b *bench) do(req *http.Request) (*http.Response, string) {
	b.Helper()
	resp, err := b.http.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	return resp, string(body)
}

func (b *bench) get(path string) (*http.Response, string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, b.issuer+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	return b.do(req)
}

func (b *bench) post(path string, v url.Values) (*http.Response, string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.issuer+path, strings.NewReader(v.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

func (b *bench) json(path string, v url.Values) (int, map[string]any) {
	b.Helper()
	resp, body := b.post(path, v)
	var m map[string]any
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		b.Fatalf("%s answered %q", path, body)
	}
	return resp.StatusCode, m
}

func (b *bench) bearer(path, token string) int {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, b.issuer+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, _ := b.do(req)
	return resp.StatusCode
}

// page opens the sign-in page and returns the name of its request.
func (b *bench) page(client string) string {
	b.Helper()
	resp, body := b.get("/authorize?" + b.request(client, nil).Encode())
	_, rest, ok := strings.Cut(body, `name="request" value="`)
	if resp.StatusCode != http.StatusOK || !ok {
		b.Fatalf("no sign-in page: %s %s", resp.Status, body)
	}
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

// code signs in and returns the authorization code.
func (b *bench) code(client string) string {
	b.Helper()
	resp, body := b.post("/signin", url.Values{"request": {b.page(client)}, "username": {"ada"}, "password": {"lovelace"}})
	q := location(b.T, resp)
	if q.Get("code") == "" || q.Get("state") != "st&te" || q.Get("iss") != b.issuer {
		b.Fatalf("the callback got %v, page %s", q, body)
	}
	return q.Get("code")
}

func (b *bench) exchange(client string) map[string]any {
	b.Helper()
	status, m := b.json("/token", exchangeForm(client, b.code(client)))
	if status != http.StatusOK {
		b.Fatalf("the exchange answers %d %v", status, m)
	}
	return m
}

func exchangeForm(client, code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "client_id": {client}, "code": {code},
		"redirect_uri": {"http://127.0.0.1:9/callback"}, "code_verifier": {verifier},
	}
}

func refreshForm(client string, token any) url.Values {
	s, _ := token.(string)
	return url.Values{"grant_type": {"refresh_token"}, "client_id": {client}, "refresh_token": {s}}
}

func location(t *testing.T, resp *http.Response) url.Values {
	t.Helper()
	u, err := resp.Location()
	if err != nil {
		t.Fatalf("%s without a location: %v", resp.Status, err)
	}
	return u.Query()
}

func TestNewRefusesBadConfig(t *testing.T) {
	for name, cfg := range map[string]idp.Config{
		"client without ID": {Clients: []idp.Client{{}}},
		"client twice":      {Clients: []idp.Client{{ID: "a"}, {ID: "a"}}},
		"algorithm none":    {Clients: []idp.Client{{ID: "a", Alg: "none"}}},
		"algorithm HS256":   {Clients: []idp.Client{{ID: "a", Alg: "HS256"}}},
		"user without name": {Users: map[string]auth.Secret{"": "x"}},
	} {
		if _, err := idp.New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestStartStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, err := idp.New(idp.Config{})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := p.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	get := func() error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, issuer+"/jwks", nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	if err := get(); err != nil {
		t.Fatal(err)
	}
	if n := p.Count("/jwks"); n != 1 {
		t.Errorf("one request counts as %d", n)
	}
	cancel()
	for range 500 {
		if get() != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the provider still answers after its context ended")
}

func TestForeignHostIsRefused(t *testing.T) {
	p, err := idp.New(idp.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{"127.0.0.1:80": 200, "[::1]:80": 200, "localhost": 200, "evil.test": 403, "127.0.0.1.evil.test": 403, "": 403} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/jwks", nil)
		r.Host = host
		p.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	b := newBench(t)
	for name, tc := range map[string]struct {
		change url.Values
		want   string // error at the client; empty for a page
	}{
		"unknown client":      {url.Values{"client_id": {"nobody"}}, ""},
		"redirect elsewhere":  {url.Values{"redirect_uri": {"http://evil.test/callback"}}, ""},
		"redirect by script":  {url.Values{"redirect_uri": {"javascript:alert(1)"}}, ""},
		"redirect missing":    {url.Values{"redirect_uri": nil}, ""},
		"token flow":          {url.Values{"response_type": {"token"}}, "unsupported_response_type"},
		"answer as fragment":  {url.Values{"response_mode": {"fragment"}}, "invalid_request"},
		"no openid":           {url.Values{"scope": {"profile"}}, "invalid_scope"},
		"no PKCE":             {url.Values{"code_challenge": nil}, "invalid_request"},
		"plain PKCE":          {url.Values{"code_challenge_method": {"plain"}}, "invalid_request"},
		"short challenge":     {url.Values{"code_challenge": {"abc"}}, "invalid_request"},
		"prompt none":         {url.Values{"prompt": {"none"}}, "login_required"},
		"request object":      {url.Values{"request": {"x"}}, "request_not_supported"},
		"request object URI":  {url.Values{"request_uri": {"x"}}, "request_uri_not_supported"},
		"parameter twice":     {url.Values{"nonce": {"a", "b"}}, "invalid_request"},
		"odd parameter twice": {url.Values{"\"ä\n": {"a", "b"}}, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, _ := b.get("/authorize?" + b.request("plain", tc.change).Encode())
			if tc.want == "" {
				if resp.StatusCode != http.StatusBadRequest || resp.Header.Get("Location") != "" {
					t.Fatalf("got %s to %q, want a page", resp.Status, resp.Header.Get("Location"))
				}
				return
			}
			q := location(t, resp)
			if q.Get("error") != tc.want || q.Get("state") != "st&te" || q.Get("iss") != b.issuer {
				t.Errorf("the client got %v, want %s", q, tc.want)
			}
		})
	}
}

func TestSignInPage(t *testing.T) {
	b := newBench(t)
	resp, body := b.get("/authorize?" + b.request("plain", url.Values{"login_hint": {`"><script>`}}).Encode())
	for _, want := range []string{`id="username"`, `id="password"`, `id="submit"`, `id="cancel"`, `method="post"`, `value="&#34;&gt;&lt;script&gt;"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if strings.Contains(body, "<script") {
		t.Error("the page has a script")
	}
	csp := resp.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "form-action 'self' http://127.0.0.1:9") {
		t.Errorf("the policy is %q", csp)
	}
	if resp.Header.Get("Referrer-Policy") != "no-referrer" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the headers are %v", resp.Header)
	}
}

func TestSignIn(t *testing.T) {
	b := newBench(t)
	t.Run("wrong password asks again, five times", func(t *testing.T) {
		id := b.page("plain")
		for range 4 {
			resp, body := b.post("/signin", url.Values{"request": {id}, "username": {"ada"}, "password": {"wrong"}})
			if resp.StatusCode != http.StatusForbidden || !strings.Contains(body, `id="wrong"`) || strings.Contains(body, `value="wrong"`) {
				t.Fatalf("got %s", resp.Status)
			}
		}
		resp, _ := b.post("/signin", url.Values{"request": {id}, "username": {"ada"}, "password": {"wrong"}})
		if q := location(t, resp); q.Get("error") != "access_denied" {
			t.Errorf("the client got %v", q)
		}
		resp, _ = b.post("/signin", url.Values{"request": {id}, "username": {"ada"}, "password": {"lovelace"}})
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("the page still works: %s", resp.Status)
		}
	})
	t.Run("unknown user", func(t *testing.T) {
		resp, _ := b.post("/signin", url.Values{"request": {b.page("plain")}, "username": {"eve"}, "password": {""}})
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("got %s", resp.Status)
		}
	})
	t.Run("cancel", func(t *testing.T) {
		resp, _ := b.post("/signin", url.Values{"request": {b.page("plain")}, "action": {"cancel"}})
		if q := location(t, resp); q.Get("error") != "access_denied" || q.Get("state") != "st&te" {
			t.Errorf("the client got %v", q)
		}
	})
	t.Run("page too old", func(t *testing.T) {
		id := b.page("plain")
		b.clock.advance(6 * time.Minute)
		resp, _ := b.post("/signin", url.Values{"request": {id}, "username": {"ada"}, "password": {"lovelace"}})
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("got %s", resp.Status)
		}
	})
}
