package provider_test

import (
	"testing"

	"keyfob/auth/provider"
)

func TestIsIssuer(t *testing.T) {
	const google = "https://accounts.google.com"
	for _, tt := range []struct {
		iss, issuer string
		want        bool
	}{
		{google, google, true},
		{"accounts.google.com", google, true},
		{"http://accounts.google.com", google, false},
		{"accounts.google.com/", google, false},
		{"", google, false},
		{"idp.example.com", "https://idp.example.com", false},
		{"https://idp.example.com", "https://idp.example.com", true},
	} {
		if got := provider.IsIssuer(tt.iss, tt.issuer); got != tt.want {
			t.Errorf("%q as %q: %v", tt.iss, tt.issuer, got)
		}
	}
}
