package provider_test

import (
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// TestWords makes sure that every preset tells what a person must know, in
// whole sentences.
func TestWords(t *testing.T) {
	for _, p := range provider.All() {
		for _, s := range append([]string{p.Refresh, p.SignOut}, p.Notes...) {
			if s == "" || !strings.HasSuffix(s, ".") || strings.ToUpper(s[:1]) != s[:1] && !strings.HasPrefix(s, "allatclaims") {
				t.Errorf("%s says %q", p.ID, s)
			}
		}
		for _, f := range p.Fields {
			if f.Label == "" || f.Example == "" || strings.HasSuffix(f.Help, ".") {
				t.Errorf("%s asks for %+v", p.ID, f)
			}
		}
		if len(p.Notes) == 0 || p.Name == "" || p.Known == "" {
			t.Errorf("%s tells nothing", p.ID)
		}
		if strings.HasSuffix(p.NoRefresh, ".") {
			t.Errorf("%s: the clause %q ends like a sentence", p.ID, p.NoRefresh)
		}
	}
}

func TestWhyNoRefresh(t *testing.T) {
	for _, tt := range []struct {
		tool auth.Tool
		want string
	}{
		{auth.Tool{Provider: "auth0", Scopes: []string{"openid"}}, ""},
		{auth.Tool{Provider: "auth0", Scopes: []string{"openid", "offline_access"}}, "offline access is not allowed for this API at Auth0"},
		{auth.Tool{Provider: "google"}, "Google gives a refresh token with access_type=offline and prompt=consent only"},
		{auth.Tool{Provider: "oidc"}, ""},
		{auth.Tool{Provider: "of another time"}, ""},
	} {
		if got := provider.WhyNoRefresh(tt.tool); got != tt.want {
			t.Errorf("%s: %q", tt.tool.Provider, got)
		}
	}
}
