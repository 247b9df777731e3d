package idp_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestExchange(t *testing.T) {
	b := newBench(t)
	m := b.exchange("plain")
	if m["token_type"] != "Bearer" || m["expires_in"] != 120.0 || m["scope"] != "openid profile email" || m["refresh_token"] != nil {
		t.Errorf("the answer is %v", m)
	}
	if got := b.bearer("/api/hello", m["access_token"].(string)); got != http.StatusOK {
		t.Errorf("the resource answers %d", got)
	}
	b.clock.advance(2 * time.Minute)
	if got := b.bearer("/api/hello", m["access_token"].(string)); got != http.StatusUnauthorized {
		t.Errorf("the resource answers %d to an expired token", got)
	}
	if got := b.bearer("/api/hello", "made-up"); got != http.StatusUnauthorized {
		t.Errorf("the resource answers %d to a made-up token", got)
	}
	if resp, _ := b.get("/api/hello"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("the resource answers %s to nobody", resp.Status)
	}
}

func TestExchangeRefuses(t *testing.T) {
	b := newBench(t)
	for name, tc := range map[string]struct {
		change url.Values
		want   string
	}{
		"wrong verifier":  {url.Values{"code_verifier": {strings.Repeat("x", 43)}}, "invalid_grant"},
		"no verifier":     {url.Values{"code_verifier": {""}}, "invalid_grant"},
		"other port":      {url.Values{"redirect_uri": {"http://127.0.0.1:10/callback"}}, "invalid_grant"},
		"other client":    {url.Values{"client_id": {"renews"}}, "invalid_grant"},
		"unknown client":  {url.Values{"client_id": {"nobody"}}, "invalid_client"},
		"secret unasked":  {url.Values{"client_secret": {"x"}}, "invalid_client"},
		"made-up code":    {url.Values{"code": {"x"}}, "invalid_grant"},
		"parameter twice": {url.Values{"code": {"x", "y"}}, "invalid_request"},
		"other grant":     {url.Values{"grant_type": {"password"}}, "unsupported_grant_type"},
	} {
		t.Run(name, func(t *testing.T) {
			form := exchangeForm("plain", b.code("plain"))
			for k, v := range tc.change {
				form[k] = v
			}
			if status, m := b.json("/token", form); status < 400 || m["error"] != tc.want {
				t.Errorf("got %d %v, want %s", status, m, tc.want)
			}
		})
	}
	t.Run("code too old", func(t *testing.T) {
		form := exchangeForm("plain", b.code("plain"))
		b.clock.advance(2 * time.Minute)
		if _, m := b.json("/token", form); m["error"] != "invalid_grant" {
			t.Errorf("got %v", m)
		}
	})
}

func TestCodeReplayEndsGrant(t *testing.T) {
	b := newBench(t)
	code := b.code("plain")
	_, m := b.json("/token", exchangeForm("plain", code))
	access := m["access_token"].(string)
	if got := b.bearer("/api/hello", access); got != http.StatusOK {
		t.Fatalf("the resource answers %d", got)
	}
	if _, m := b.json("/token", exchangeForm("plain", code)); m["error"] != "invalid_grant" {
		t.Errorf("the second use answers %v", m)
	}
	if got := b.bearer("/api/hello", access); got != http.StatusUnauthorized {
		t.Errorf("the first use's token still works: %d", got)
	}
}

func TestRefreshRotates(t *testing.T) {
	b := newBench(t)
	first := b.exchange("renews")
	if first["refresh_expires_in"] != 3600.0 || first["scope"] != "openid profile email offline_access" {
		t.Errorf("the answer is %v", first)
	}
	b.clock.advance(10 * time.Minute)
	status, second := b.json("/token", refreshForm("renews", first["refresh_token"]))
	if status != http.StatusOK || second["refresh_token"] == first["refresh_token"] || second["access_token"] == first["access_token"] {
		t.Fatalf("the refresh answers %d %v", status, second)
	}
	if second["refresh_expires_in"] != 3000.0 {
		t.Errorf("a refresh moved the end: %v", second["refresh_expires_in"])
	}
	if c := claims(t, second["id_token"].(string)); c["nonce"] != nil || c["sub"] != claims(t, first["id_token"].(string))["sub"] {
		t.Errorf("the refreshed ID token says %v", c)
	}
	form := refreshForm("renews", second["refresh_token"])
	form.Set("scope", "openid admin")
	if _, m := b.json("/token", form); m["error"] != "invalid_scope" {
		t.Errorf("more scopes answer %v", m)
	}
	form.Set("scope", "openid")
	status, third := b.json("/token", form)
	if status != http.StatusOK || third["scope"] != "openid" {
		t.Errorf("fewer scopes answer %d %v", status, third)
	}
	b.clock.advance(51 * time.Minute)
	if _, m := b.json("/token", refreshForm("renews", third["refresh_token"])); m["error"] != "invalid_grant" {
		t.Errorf("past the end: %v", m)
	}
}

func TestRefreshReuseEndsFamily(t *testing.T) {
	b := newBench(t)
	first := b.exchange("renews")
	_, second := b.json("/token", refreshForm("renews", first["refresh_token"]))
	if _, m := b.json("/token", refreshForm("renews", first["refresh_token"])); m["error"] != "invalid_grant" {
		t.Errorf("the reuse answers %v", m)
	}
	if _, m := b.json("/token", refreshForm("renews", second["refresh_token"])); m["error"] != "invalid_grant" {
		t.Errorf("the rotated token outlives the reuse: %v", m)
	}
	if got := b.bearer("/api/hello", second["access_token"].(string)); got != http.StatusUnauthorized {
		t.Errorf("the access token outlives the reuse: %d", got)
	}
	if _, m := b.json("/token", refreshForm("plain", second["refresh_token"])); m["error"] != "invalid_grant" {
		t.Errorf("another client's refresh answers %v", m)
	}
}

func TestClientSecret(t *testing.T) {
	b := newBench(t)
	basic := func(user, pass string) int {
		form := exchangeForm("", b.code("secret"))
		form.Del("client_id")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.issuer+"/token", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(url.QueryEscape(user), url.QueryEscape(pass))
		resp, _ := b.do(req)
		return resp.StatusCode
	}
	if got := basic("secret", "p/ss w:rd"); got != http.StatusOK {
		t.Errorf("client_secret_basic: %d", got)
	}
	if got := basic("secret", "wrong"); got != http.StatusUnauthorized {
		t.Errorf("wrong secret: %d", got)
	}
	form := exchangeForm("secret", b.code("secret"))
	if status, _ := b.json("/token", form); status != http.StatusUnauthorized {
		t.Errorf("no secret: %d", status)
	}
	form.Set("client_secret", "p/ss w:rd")
	if status, m := b.json("/token", form); status != http.StatusOK {
		t.Errorf("client_secret_post: %d %v", status, m)
	}
}

func TestUserinfoIntrospectionRevocation(t *testing.T) {
	b := newBench(t)
	m := b.exchange("renews")
	access, refresh := m["access_token"].(string), m["refresh_token"].(string)
	if got := b.bearer("/userinfo", access); got != http.StatusOK {
		t.Errorf("userinfo answers %d", got)
	}
	active := func(client, token string) any {
		t.Helper()
		_, m := b.json("/introspect", url.Values{"client_id": {client}, "token": {token}})
		return m["active"]
	}
	if active("renews", access) != true || active("renews", refresh) != true || active("plain", access) != false ||
		active("renews", "x") != false {
		t.Error("introspection is wrong about live tokens")
	}
	if resp, _ := b.post("/revoke", url.Values{"client_id": {"plain"}, "token": {refresh}}); resp.StatusCode != http.StatusOK ||
		active("renews", refresh) != true {
		t.Errorf("another client's revocation: %s", resp.Status)
	}
	if resp, _ := b.post("/revoke", url.Values{"client_id": {"renews"}, "token": {access}}); resp.StatusCode != http.StatusOK {
		t.Errorf("revocation answers %s", resp.Status)
	}
	if active("renews", access) != false || active("renews", refresh) != true {
		t.Error("revoking the access token: wrong tokens live")
	}
	b.post("/revoke", url.Values{"client_id": {"renews"}, "token": {refresh}})
	if active("renews", refresh) != false {
		t.Error("the refresh token outlives its revocation")
	}
	if resp, _ := b.post("/revoke", url.Values{"client_id": {"renews"}, "token": {"unknown"}}); resp.StatusCode != http.StatusOK {
		t.Errorf("an unknown token answers %s", resp.Status)
	}
}

func TestEndSession(t *testing.T) {
	b := newBench(t)
	m := b.exchange("renews")
	q := url.Values{"id_token_hint": {m["id_token"].(string)}, "post_logout_redirect_uri": {"http://127.0.0.1:9/out"}, "state": {"s"}}
	b.clock.advance(time.Hour / 2) // an expired hint is a hint
	resp, _ := b.get("/end_session?" + q.Encode())
	if u, err := resp.Location(); err != nil || u.String() != "http://127.0.0.1:9/out?state=s" {
		t.Errorf("sign-out answers %s to %v", resp.Status, u)
	}
	if _, m := b.json("/token", refreshForm("renews", m["refresh_token"])); m["error"] != "invalid_grant" {
		t.Errorf("the grant outlives the sign-out: %v", m)
	}
	m = b.exchange("renews")
	for name, hint := range map[string]string{"no hint": "", "forged hint": m["id_token"].(string)[:20] + "x"} {
		q.Set("id_token_hint", hint)
		if resp, _ := b.get("/end_session?" + q.Encode()); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", name, resp.Status)
		}
	}
	if status, _ := b.json("/token", refreshForm("renews", m["refresh_token"])); status != http.StatusOK {
		t.Error("a sign-out without a hint ended the grant")
	}
}
