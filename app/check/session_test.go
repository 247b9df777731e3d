package check_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/session"
)

// TestSession: what the last sign-in showed counts more than what is advertised.
func TestSession(t *testing.T) {
	signed := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	ask := []string{"openid", "offline_access"}
	for name, tt := range map[string]struct {
		tool    auth.Tool
		last    *session.Snapshot
		rows    map[string]report.Result
		verdict report.Verdict
	}{
		"nobody signed in": {
			auth.Tool{},
			&session.Snapshot{State: session.SignedOut},
			map[string]report.Result{"access token": report.Unknown, "refresh token": report.OK},
			report.Compatible,
		},
		"it renews": {
			auth.Tool{},
			&session.Snapshot{SignedInAt: signed, Renewal: &session.Renewal{Mode: session.Automatic}},
			map[string]report.Result{"access token": report.OK, "refresh token": report.OK, "bound to session": report.Unknown},
			report.Compatible,
		},
		"it does not": {
			auth.Tool{},
			&session.Snapshot{
				SignedInAt: signed, Renewal: &session.Renewal{Mode: session.Manual, Reason: "offline_access was not asked for"},
			},
			map[string]report.Result{"access token": report.OK, "refresh token": report.Failed},
			report.Degraded,
		},
		"offline by nature": {
			auth.Tool{Quirks: []auth.Quirk{auth.QuirkLastingRefresh}},
			nil,
			map[string]report.Result{"bound to session": report.Failed},
			report.Degraded,
		},
		"bound": {
			auth.Tool{Quirks: []auth.Quirk{auth.QuirkSessionRefresh}},
			nil,
			map[string]report.Result{"bound to session": report.OK},
			report.Compatible,
		},
		"offline by wish": {
			auth.Tool{Quirks: []auth.Quirk{auth.QuirkSessionRefresh}, Scopes: ask},
			nil,
			map[string]report.Result{"bound to session": report.Failed},
			report.Degraded,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, issuer := provider(t)
			tt.tool.Issuer = issuer
			r, err := run(t, tt.tool, tt.last)
			if err != nil || r.Verdict != tt.verdict {
				t.Errorf("%s because %q, %v", r.Verdict, r.Because, err)
			}
			for name, want := range tt.rows {
				if got := row(t, r, name); got.Result != want {
					t.Errorf("%+v, want %s", got, want)
				}
			}
		})
	}
}

// TestSettingsOfATool: an expected issuer and hand-written endpoints.
func TestSettingsOfATool(t *testing.T) {
	f, issuer := provider(t)
	f.Set(discovery, authtest.RewriteJSON(func(m map[string]any) { m["issuer"] = "https://plant.example.com/v2.0/" }))
	r, err := run(t, auth.Tool{Issuer: issuer, ExpectIssuers: []string{"https://plant.example.com/v2.0/"}}, nil)
	if got := row(t, r, "issuer"); err != nil || got.Result != report.OK || !strings.Contains(got.Text, "settings expect") {
		t.Errorf("%+v, %v", got, err)
	}
	f.Clear(discovery)
	before := f.Seen(discovery)
	r, err = run(
		t,
		auth.Tool{
			Issuer:    issuer,
			Endpoints: auth.Endpoints{Authorize: issuer + "/authorize", Token: issuer + "/token", JWKS: issuer + "/jwks"},
		},
		nil,
	)
	if err != nil || f.Seen(discovery) != before || r.Verdict != report.Degraded || row(t, r, "discovery").Result != report.Unknown ||
		row(t, r, "keys").Result != report.OK {
		t.Errorf("%+v, %v", r, err)
	}
	data, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(data), `"verdict":"degraded","because":["there is no end_session_endpoint"]`) {
		t.Errorf("%s, %v", data, err)
	}
}

// TestSharedRedirect judges a redirect URI that a tool of another provider has,
// too.
func TestSharedRedirect(t *testing.T) {
	const uri = "http://127.0.0.1/callback"
	for name, tt := range map[string]struct {
		shares  []string
		silent  bool // the provider does not name itself in its answers
		result  report.Result
		text    string
		verdict report.Verdict
	}{
		"its own":            {nil, true, report.OK, uri, report.Compatible},
		"shared":             {[]string{"mes", "lean"}, true, report.Failed, "mes, lean, at another provider", report.Degraded},
		"shared, with names": {[]string{"mes"}, false, report.Unknown, "mes, at another provider, whose answers must", report.Compatible},
	} {
		t.Run(name, func(t *testing.T) {
			f, issuer := provider(t)
			if tt.silent {
				f.Set(
					discovery,
					authtest.RewriteJSON(func(m map[string]any) { delete(m, "authorization_response_iss_parameter_supported") }),
				)
			}
			r, err := run(t, auth.Tool{ID: "plant4", Issuer: issuer, Redirect: uri, SharesRedirect: tt.shares}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := row(t, r, "redirect URI"); got.Result != tt.result || !strings.Contains(got.Text, tt.text) ||
				r.Verdict != tt.verdict {
				t.Errorf("%s, %+v", r.Verdict, got)
			}
		})
	}
}
