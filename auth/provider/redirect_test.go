package provider_test

import (
	"reflect"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// TestRedirectOfOnesOwn gives tools of different providers different redirect
// URIs, unless their presets say that answers name their issuer or the provider
// is always the same.
func TestRedirectOfOnesOwn(t *testing.T) {
	for _, tt := range []struct {
		tool auth.Tool
		want string
	}{
		{auth.Tool{Issuer: "https://SSO.example.com"}, "http://127.0.0.1/callback/sso.example.com"},
		{auth.Tool{Issuer: "https://sso.example.com:443/a"}, "http://127.0.0.1/callback/sso.example.com"},
		{auth.Tool{Issuer: "https://sso.example.com:8443/a"}, "http://127.0.0.1/callback/sso.example.com_8443"},
		{auth.Tool{Issuer: "http://127.0.0.1:8080"}, "http://127.0.0.1/callback/127.0.0.1_8080"},
		{auth.Tool{Issuer: "http://[::1]:8080"}, "http://127.0.0.1/callback/__1_8080"},
		// Whoever gets the code counts, whatever else a tool says of itself.
		{
			auth.Tool{Issuer: "https://sso.example.com", Endpoints: auth.Endpoints{Token: "https://evil.example.com/token"}},
			"http://127.0.0.1/callback/evil.example.com",
		},
		{auth.Tool{Issuer: "https://sso.example.com", Redirect: "http://127.0.0.1/callback"}, "http://127.0.0.1/callback"},
	} {
		if got, err := resolve(t, "oidc", nil, tt.tool); err != nil || got.Redirect != tt.want {
			t.Errorf("%s has %s, want %s (%v)", tt.tool.Issuer, got.Redirect, tt.want, err)
		}
	}
}

// TestRedirectsLeftOpen is what a person is told who has not named the provider
// yet, and then the same as the tool will have.
func TestRedirectsLeftOpen(t *testing.T) {
	for _, p := range provider.All() {
		open := p.Redirects("")
		if p.NoRedirect != (len(open) == 0) {
			t.Errorf("%s: %q", p.ID, open)
		}
		for _, uri := range open {
			if strings.HasSuffix(uri, "/HOST") != p.OwnPath {
				t.Errorf("%s: %s", p.ID, uri)
			}
		}
		if named := p.Redirects("sso.example.com"); p.OwnPath && !strings.HasSuffix(named[0], "/callback/sso.example.com") {
			t.Errorf("%s: %q", p.ID, named)
		}
		if bad := p.Redirects("a/../b"); !reflect.DeepEqual(bad, open) {
			t.Errorf("%s: %q", p.ID, bad)
		}
	}
}

func TestMarkShared(t *testing.T) {
	tool := func(id, issuer, redirect string, ports ...int) auth.Tool {
		return auth.Tool{ID: id, Provider: "oidc", Issuer: issuer, Redirect: redirect, Ports: ports}
	}
	const one, two, same = "https://a.example.com/x", "https://b.example.com", "https://a.example.com/y"
	const uri = "http://127.0.0.1/callback"
	of := func(preset string, t auth.Tool) auth.Tool { t.Provider = preset; return t }
	service := tool("b", two, uri)
	service.Grant = auth.GrantService
	for name, tt := range map[string]struct {
		a, b auth.Tool
		want bool
	}{
		"two providers":           {tool("a", one, uri), tool("b", two, uri), true},
		"one provider":            {tool("a", one, uri), tool("b", same, uri), false},
		"two paths":               {tool("a", one, uri), tool("b", two, uri+"/b"), false},
		"two hosts":               {tool("a", one, uri), tool("b", two, "http://localhost/callback"), false},
		"no path and a slash":     {tool("a", one, "http://127.0.0.1"), tool("b", two, "http://127.0.0.1/"), true},
		"two ports":               {tool("a", one, uri, 1, 2), tool("b", two, uri, 3), false},
		"a port of both":          {tool("a", one, uri, 1, 2), tool("b", two, uri, 2), true},
		"any port and one":        {tool("a", one, uri), tool("b", two, uri, 2), true},
		"both name their issuers": {of("keycloak", tool("a", one, uri)), of("keycloak", tool("b", two, uri)), false},
		"one names its issuer":    {of("keycloak", tool("a", one, uri)), tool("b", two, uri), true},
		"a service account":       {tool("a", one, uri), service, false},
	} {
		tools := []auth.Tool{tt.a, tt.b}
		provider.MarkShared(tools)
		if tt.want &&
			!(reflect.DeepEqual(tools[0].SharesRedirect, []string{"b"}) && reflect.DeepEqual(tools[1].SharesRedirect, []string{"a"})) ||
			!tt.want && (tools[0].SharesRedirect != nil || tools[1].SharesRedirect != nil) {
			t.Errorf("%s: %q, %q", name, tools[0].SharesRedirect, tools[1].SharesRedirect)
		}
	}
}

func TestRedirectURIs(t *testing.T) {
	for _, tt := range []struct {
		tool auth.Tool
		want []string
	}{
		{auth.Tool{Redirect: "http://localhost/callback"}, []string{"http://localhost/callback"}},
		{
			auth.Tool{Redirect: "http://127.0.0.1/callback", Ports: []int{1, 2}},
			[]string{"http://127.0.0.1:1/callback", "http://127.0.0.1:2/callback"},
		},
		{auth.Tool{Redirect: "http://[::1]/", Ports: []int{1}}, []string{"http://[::1]:1/"}},
	} {
		if got := provider.RedirectURIs(tt.tool); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
