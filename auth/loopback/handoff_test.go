package loopback_test

import (
	"net/http"
	"strings"
	"testing"

	"keyfob/auth/loopback"
)

// TestHandoff sends one browser on, once, and tells nobody else the address.
func TestHandoff(t *testing.T) {
	const target = "https://id.example.com/logout?id_token_hint=canary"
	h, err := loopback.NewHandoff(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if strings.Contains(h.URL(), "canary") || strings.Contains(h.URL(), "example") {
		t.Errorf("the browser's command line would hold %s", h.URL())
	}
	client := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, address, host string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp
	}
	for _, tt := range []struct {
		name, method, address, host string
		status                      int
	}{
		{"another host", http.MethodGet, h.URL(), "evil.test", http.StatusForbidden},
		{"another path", http.MethodGet, h.URL() + "x", "", http.StatusNotFound},
		{"another method", http.MethodPost, h.URL(), "", http.StatusMethodNotAllowed},
		{"the browser", http.MethodGet, h.URL(), "", http.StatusSeeOther},
		{"a second one", http.MethodGet, h.URL(), "", http.StatusGone},
	} {
		resp := ask(tt.method, tt.address, tt.host)
		if resp.StatusCode != tt.status {
			t.Errorf("%s: %d", tt.name, resp.StatusCode)
		}
		want := ""
		if tt.status == http.StatusSeeOther {
			want = target
		}
		if got := resp.Header.Get("Location"); got != want {
			t.Errorf("%s was sent to %q", tt.name, got)
		}
	}
	<-h.Taken() // it says that the browser was sent on
	h.Close()
	if resp, err := client.Get(h.URL()); err == nil {
		_ = resp.Body.Close()
		t.Error("it still listens after its end")
	}
}
