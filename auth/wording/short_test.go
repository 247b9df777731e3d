package wording_test

import (
	"testing"

	"keyfob/auth"
	"keyfob/auth/wording"
)

// TestShortNamesWhatToLookAt tells the causes apart that a person looks for at
// different places.
func TestShortNamesWhatToLookAt(t *testing.T) {
	for code, want := range map[string]string{
		auth.CodeClock: "wrong clock", "proxy": "proxy problem", "proxy_login": "proxy problem", "proxy_denied": "proxy problem",
		auth.CodeTLSExpired: "no secure connection", auth.CodePlainHTTP: "no secure connection", "dns": "provider unreachable",
	} {
		if got := wording.Short(&auth.Error{Kind: auth.KindTransient, Code: code}); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
