package weburl_test

import (
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// TestSecureHost refuses hosts that look like another one.
func TestSecureHost(t *testing.T) {
	for _, host := range []string{"idp\u202e.example", "idp\u200b.example", "idp\u0085.example", "idp%E2%80%AE.example"} {
		if _, err := weburl.Secure("https://" + host + "/"); auth.KindOf(err) != auth.KindSetup ||
			strings.ContainsFunc(err.Error(), auth.Unseen) {
			t.Errorf("%+q: %v", host, err)
		}
	}
	if _, err := weburl.Secure("https://bücher.example/ä\u202e"); err != nil { // a path is encoded when it is sent
		t.Error(err)
	}
}
