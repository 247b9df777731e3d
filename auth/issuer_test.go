package auth_test

import (
	"testing"

	"keyfob/auth"
)

func TestMatchIssuer(t *testing.T) {
	const (
		plain = "https://login.example.com/a"
		entra = "https://login.example.com/{tenantid}/v2.0"
		twice = "https://{tenantid}.example.com/{tenantid}/v2.0"
		one   = "11111111-2222-3333-4444-55555555abcd"
		two   = "11111111-2222-3333-4444-55555555abce"
	)
	for _, tt := range []struct {
		name, pattern, issuer string
		want                  bool
	}{
		{"the same", plain, plain, true},
		{"another slash", plain, plain + "/", false},
		{"empty", plain, "", false},
		{"a tenant", entra, "https://login.example.com/" + one + "/v2.0", true},
		{"the pattern itself", entra, entra, false},
		{"no GUID", entra, "https://login.example.com/contoso.example.com.and.more.of.it/v2.0", false},
		{"GUID in capitals", entra, "https://login.example.com/11111111-2222-3333-4444-55555555ABCD/v2.0", false},
		{"GUID without dashes", entra, "https://login.example.com/11111111022220333304444055555555abcd/v2.0", false},
		{"more behind", entra, "https://login.example.com/" + one + "/v2.0/", false},
		{"more before", entra, "https://evil.example.com/https://login.example.com/" + one + "/v2.0", false},
		{"another host", entra, "https://login.example.org/" + one + "/v2.0", false},
		{"cut short", entra, "https://login.example.com/1111", false},
		{"one tenant twice", twice, "https://" + one + ".example.com/" + one + "/v2.0", true},
		{"two tenants", twice, "https://" + one + ".example.com/" + two + "/v2.0", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := auth.MatchIssuer(tt.pattern, tt.issuer); got != tt.want {
				t.Errorf("%s as %s: %v", tt.issuer, tt.pattern, got)
			}
		})
	}
}

func TestIssuerAt(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example.com/.well-known/openid-configuration":    "https://a.example.com",
		"https://a.example.com/o/.well-known/openid-configuration/": "https://a.example.com/o",
		"https://a.example.com/o":                                   "https://a.example.com/o",
		"https://a.example.com/o/":                                  "https://a.example.com/o/",
		"https://a.example.com/.well-known/openid-configuration/x":  "https://a.example.com/.well-known/openid-configuration/x",
		"": "",
	} {
		if got := auth.IssuerAt(address); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}
