package check_test

import (
	"strings"
	"testing"

	"keyfob/app/check"
	"keyfob/auth"
	"keyfob/auth/authtest/django"
)

// TestProviderWithGaps is a real one whose metadata stands behind a slash and
// leaves things out that a person should know of.
func TestProviderWithGaps(t *testing.T) {
	s := django.Start(t, django.Config{})
	r, err := run(t, auth.Tool{Issuer: s.Issuer}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := row(t, r, "discovery"); d.Result != check.OK || !strings.HasPrefix(d.Text, s.Issuer+auth.Discovery) {
		t.Errorf("%+v", d)
	}
	if d := row(t, r, "revocation"); d.Result != check.Failed || d.Need != check.Noted {
		t.Errorf("%+v", d)
	}
	want := check.Compatible
	if row(t, r, "sign-out").Result == check.Failed { // before its version 2.3
		want = check.Degraded
	}
	if r.Verdict != want {
		t.Errorf("%s because %q", r.Verdict, r.Because)
	}
}
