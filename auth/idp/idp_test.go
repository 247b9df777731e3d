package idp_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/idp"
)

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
	for host, want := range map[string]int{
		"127.0.0.1:80": 200, "[::1]:80": 200, "localhost": 200, "evil.test": 403, "127.0.0.1.evil.test": 403, "": 403,
	} {
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
	for _, want := range []string{
		`id="username"`, `id="password"`, `id="submit"`, `id="cancel"`, `method="post"`, `value="&#34;&gt;&lt;script&gt;"`,
	} {
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
