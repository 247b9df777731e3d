package npm_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/npm"
)

// answer is what the token endpoint said.
type answer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	ExpiresIn    int    `json:"expires_in"`
	Scope        string `json:"scope"`
	Error        string `json:"error"`
}

func post(t *testing.T, endpoint string, form url.Values) answer {
	t.Helper()
	resp, err := http.PostForm(endpoint, form)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

// signIn does by hand what a client does, so that this test depends on the
// provider alone.
func signIn(t *testing.T, s *npm.Server, client string, extra url.Values) answer {
	t.Helper()
	const verifier = "a-verifier-of-at-least-forty-three-characters"
	callback := make(chan url.Values, 1)
	client127 := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/callback" {
			callback <- r.URL.Query()
		}
	}))
	defer client127.Close()
	redirect := client127.URL + "/callback"
	challenge := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {client}, "response_type": {"code"}, "scope": {"openid profile offline_access"},
		"redirect_uri": {redirect}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	for k, v := range extra {
		q[k] = v
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	page, err := (&npm.Person{}).Open(ctx, s.Issuer+"/auth?"+q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-callback:
		return post(t, s.Issuer+"/token", url.Values{
			"grant_type": {"authorization_code"}, "client_id": {client}, "code": {got.Get("code")},
			"redirect_uri": {redirect}, "code_verifier": {verifier},
		})
	case <-ctx.Done():
		t.Fatalf("no callback; the last page was %s", page)
		return answer{}
	}
}

func TestClientsGetTheRefreshTokensTheyAreFor(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{
		{ID: npm.Native, AccessTTL: 90 * time.Second},
		{ID: "always", Refresh: npm.RefreshAlways},
	}})
	consent := url.Values{"prompt": {"consent"}}
	for _, c := range []struct {
		name, client string
		extra        url.Values
		refresh      bool
		scope        string
		expires      int
	}{
		{"with consent", npm.Native, consent, true, "openid profile offline_access", 90},
		{"without consent offline_access is dropped", npm.Native, nil, false, "openid profile", 90},
		{"a client that gets none", npm.NoRefresh, consent, false, "openid profile offline_access", 3600},
		{"a client that always gets one", "always", nil, true, "openid profile", 3600},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := signIn(t, s, c.client, c.extra)
			if a.AccessToken == "" || a.IDToken == "" {
				t.Fatalf("no tokens: %q", a.Error)
			}
			if got := a.RefreshToken != ""; got != c.refresh {
				t.Errorf("refresh token: got %v, want %v", got, c.refresh)
			}
			if a.Scope != c.scope {
				t.Errorf("scope %q, want %q", a.Scope, c.scope)
			}
			if a.ExpiresIn != c.expires {
				t.Errorf("expires_in %d, want %d", a.ExpiresIn, c.expires)
			}
		})
	}
}

func TestARotatedTokenDiesWithItsGrant(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	first := signIn(t, s, npm.Rotate, url.Values{"prompt": {"consent"}})
	refresh := func(token string) answer {
		return post(t, s.Issuer+"/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {npm.Rotate}, "refresh_token": {token}})
	}
	second := refresh(first.RefreshToken)
	if second.RefreshToken == "" || second.RefreshToken == first.RefreshToken {
		t.Fatal("the refresh token was not rotated")
	}
	if got := refresh(first.RefreshToken); got.Error != "invalid_grant" {
		t.Errorf("reuse answered %q, want invalid_grant", got.Error)
	}
	if got := refresh(second.RefreshToken); got.Error != "invalid_grant" {
		t.Errorf("after a reuse the newest token answered %q, want invalid_grant", got.Error)
	}
}

func TestTheAPIAndIntrospectionKnowALiveToken(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	token := signIn(t, s, npm.Native, nil).AccessToken
	for _, c := range []struct {
		token  string
		status int
		active bool
	}{{token, http.StatusOK, true}, {"x" + token, http.StatusUnauthorized, false}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Issuer+"/api/hello", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+c.token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.status {
			t.Errorf("the API answered %d, want %d", resp.StatusCode, c.status)
		}
		claims, err := s.Introspect(t.Context(), auth.Secret(c.token))
		if err != nil {
			t.Fatal(err)
		}
		if claims["active"] != c.active {
			t.Errorf("introspection says active=%v, want %v", claims["active"], c.active)
		}
	}
}

func TestAFrontStandsBetween(t *testing.T) {
	seen := make(chan string, 1)
	s := npm.Start(t, npm.Config{Front: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen <- r.URL.Path
			next.ServeHTTP(w, r)
		})
	}})
	resp, err := http.Get(s.Issuer + "/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var doc struct {
		Issuer     string
		TokenURL   string   `json:"token_endpoint"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if doc.Issuer != s.Issuer || !strings.HasPrefix(doc.TokenURL, s.Issuer+"/") {
		t.Errorf("issuer %q and token endpoint %q do not lead through the front %q", doc.Issuer, doc.TokenURL, s.Issuer)
	}
	for _, alg := range npm.Algorithms {
		if !slices.Contains(doc.Algorithms, alg) {
			t.Errorf("the provider does not offer %s", alg)
		}
	}
	if got := <-seen; got != "/.well-known/openid-configuration" {
		t.Errorf("the front saw %q", got)
	}
}
