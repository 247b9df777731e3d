package check_test

import (
	"strings"
	"testing"

	"keyfob/app/check/report"
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
	if d := row(t, r, "discovery"); d.Result != report.OK || !strings.HasPrefix(d.Text, s.Issuer+auth.Discovery) {
		t.Errorf("%+v", d)
	}
	if d := row(t, r, "revocation"); d.Result != report.Failed || d.Need != report.Noted {
		t.Errorf("%+v", d)
	}
	want := report.Compatible
	if row(t, r, "sign-out").Result == report.Failed { // before its version 2.3
		want = report.Degraded
	}
	if r.Verdict != want {
		t.Errorf("%s because %q", r.Verdict, r.Because)
	}
}
