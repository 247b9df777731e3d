package check_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/session"
)

// TestServiceAccount judges what a service account needs, and nothing that is
// for people: with a token endpoint in the settings nothing is discovered.
func TestServiceAccount(t *testing.T) {
	f, issuer := provider(t)
	only := auth.Tool{
		ID:        "robot",
		Grant:     auth.GrantService,
		ClientID:  "a",
		Issuer:    issuer + "/token",
		Endpoints: auth.Endpoints{Token: issuer + "/token"},
	}
	before := f.Seen(discovery)
	r, err := run(t, only, nil)
	if err != nil || r.Verdict != report.Compatible || r.Issuer != issuer+"/token" || f.Seen(discovery) != before ||
		f.Seen("/token/.well-known/openid-configuration") != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if got := row(t, r, "token endpoint"); got.Result != report.OK || got.Need != report.Required {
		t.Errorf("%+v", got)
	}
	for _, row := range r.Rows {
		if strings.Contains(row.Name, "PKCE") || row.Name == "sign-out" || row.Name == "redirect URI" || row.Name == "refresh token" {
			t.Errorf("a service account needs no %s", row.Name)
		}
	}
	r, err = run(t, only, &session.Snapshot{SignedInAt: time.Unix(1, 0)})
	if got := row(t, r, "access token"); err != nil || got.Result != report.OK {
		t.Errorf("%+v, %v", got, err)
	}
	f.Set("/token", authtest.Answer(http.StatusServiceUnavailable, ""))
	if _, err := run(t, only, nil); auth.KindOf(err) != auth.KindTransient {
		t.Errorf("an outage: %v", err)
	}
	f.Clear("/token")

	// With an issuer there is something to discover.
	discovered := auth.Tool{ID: "robot", Grant: auth.GrantService, ClientID: "a", Issuer: issuer}
	for name, tt := range map[string]struct {
		change  func(map[string]any)
		verdict report.Verdict
		row     string
		result  report.Result
	}{
		"listed": {
			func(m map[string]any) { m["grant_types_supported"] = []any{"client_credentials"} }, report.Compatible,
			"grant", report.OK,
		},
		"not listed":  {func(m map[string]any) { m["grant_types_supported"] = []any{"implicit"} }, report.Degraded, "grant", report.Failed},
		"none listed": {func(m map[string]any) { delete(m, "grant_types_supported") }, report.Compatible, "grant", report.Unknown},
		"no endpoint": {func(m map[string]any) { delete(m, "token_endpoint") }, report.Incompatible, "token endpoint", report.Failed},
		"plain http": {
			func(m map[string]any) { m["token_endpoint"] = "http://idp.example.com/token" }, report.Incompatible,
			"token endpoint", report.Failed,
		},
	} {
		f.Set(discovery, authtest.RewriteJSON(tt.change))
		r, err := run(t, discovered, nil)
		if err != nil || r.Verdict != tt.verdict || row(t, r, tt.row).Result != tt.result {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
