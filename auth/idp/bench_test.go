package idp_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
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
