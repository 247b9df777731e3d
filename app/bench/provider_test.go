//go:build bench && linux

package bench

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// slowness is how long the slow provider takes.
const slowness = 2 * time.Second

// provider issues the token of this benchmark to whoever asks: at once at
// /token, and late at /slow, whose tokens soon end.
type provider struct {
	url     string
	waiting atomic.Int32 // requests that the slow one has not answered yet
}

func startProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v map[string]any) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(v)
	}
	grant := func(w http.ResponseWriter, lives time.Duration) {
		answer(w, map[string]any{
			"access_token": token, "token_type": "Bearer", "expires_in": int(lives.Seconds()),
			"refresh_token": "r", "scope": "openid offline_access",
		})
	}
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) { grant(w, 12*time.Hour) })
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		p.waiting.Add(1)
		select {
		case <-time.After(slowness):
		case <-r.Context().Done():
		}
		p.waiting.Add(-1)
		grant(w, 15*time.Second)
	})
	// For oidc-agent, which wants a whole provider.
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": p.url + "/", "authorization_endpoint": p.url + "/authorize", "token_endpoint": p.url + "/token",
			"jwks_uri": p.url + "/keys", "scopes_supported": []string{"openid", "offline_access"},
			"response_types_supported": []string{"code"}, "grant_types_supported": []string{"authorization_code", "refresh_token"},
		})
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	p.url = s.URL
	return p
}
