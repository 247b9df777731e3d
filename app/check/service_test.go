package check_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/app/check"
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
	if err != nil || r.Verdict != check.Compatible || r.Issuer != issuer+"/token" || f.Seen(discovery) != before ||
		f.Seen("/token/.well-known/openid-configuration") != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if got := row(t, r, "token endpoint"); got.Result != check.OK || got.Need != check.Required {
		t.Errorf("%+v", got)
	}
	for _, row := range r.Rows {
		if strings.Contains(row.Name, "PKCE") || row.Name == "sign-out" || row.Name == "redirect URI" || row.Name == "refresh token" {
			t.Errorf("a service account needs no %s", row.Name)
		}
	}
	r, err = run(t, only, &session.Snapshot{SignedInAt: time.Unix(1, 0)})
	if got := row(t, r, "access token"); err != nil || got.Result != check.OK {
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
		verdict check.Verdict
		row     string
		result  check.Result
	}{
		"listed": {
			func(m map[string]any) { m["grant_types_supported"] = []any{"client_credentials"} }, check.Compatible,
			"grant", check.OK,
		},
		"not listed":  {func(m map[string]any) { m["grant_types_supported"] = []any{"implicit"} }, check.Degraded, "grant", check.Failed},
		"none listed": {func(m map[string]any) { delete(m, "grant_types_supported") }, check.Compatible, "grant", check.Unknown},
		"no endpoint": {func(m map[string]any) { delete(m, "token_endpoint") }, check.Incompatible, "token endpoint", check.Failed},
		"plain http": {
			func(m map[string]any) { m["token_endpoint"] = "http://idp.example.com/token" }, check.Incompatible,
			"token endpoint", check.Failed,
		},
	} {
		f.Set(discovery, authtest.RewriteJSON(tt.change))
		r, err := run(t, discovered, nil)
		if err != nil || r.Verdict != tt.verdict || row(t, r, tt.row).Result != tt.result {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
