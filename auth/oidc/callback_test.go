package oidc_test

import (
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

func TestBegin(t *testing.T) {
	r := newRig(t)
	r.tool.Audience = "api://plant"
	r.tool.Params = map[string]string{"domain_hint": "example.com", "prompt": "consent"}
	seen := make(map[string]bool)
	for range 2 {
		req, err := r.client.Begin(t.Context(), r.tool, r.callback, oidc.BeginOptions{Prompt: "login", LoginHint: "ada@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(req.URL)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		for name, want := range map[string]string{
			"response_type": "code", "response_mode": "query", "client_id": "renews", "redirect_uri": r.callback,
			"scope": "openid profile email offline_access", "state": req.State.Reveal(), "code_challenge_method": "S256",
			"audience": "api://plant", "domain_hint": "example.com", "prompt": "login", "login_hint": "ada@example.com",
		} {
			if !slices.Equal(q[name], []string{want}) {
				t.Errorf("%s is %q, want %q", name, q[name], want)
			}
		}
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			b, err := base64.RawURLEncoding.DecodeString(q.Get(name))
			if err != nil || len(b) != 32 || seen[q.Get(name)] {
				t.Errorf("%s is not 256 fresh bits: %d bytes, %v", name, len(b), err)
			}
			seen[q.Get(name)] = true
		}
		if q.Has("code_verifier") || q.Has("client_secret") {
			t.Error("a secret is in the browser's URL")
		}
	}
}

func TestBeginRefusesParamsOfOurs(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{
		"state", "nonce", "redirect_uri", "response_type", "code_challenge", "code_challenge_method", "client_id", "scope",
		"request_uri",
	} {
		r.tool.Params = map[string]string{name: "x"}
		_, err := r.client.Begin(t.Context(), r.tool, r.callback, oidc.BeginOptions{})
		wantError(t, err, auth.KindSetup, "bad_params")
	}
}

func TestBeginKeepsTheEndpointsQuery(t *testing.T) {
	r := newRig(t)
	r.faults.Set(
		discoveryPath,
		authtest.RewriteJSON(func(m map[string]any) { m["authorization_endpoint"] = r.tool.Issuer + "/authorize?p=policy" }),
	)
	if req := r.begin(); !strings.HasPrefix(req.URL, r.tool.Issuer+"/authorize?p=policy&") {
		t.Errorf("the browser opens %s", strings.SplitAfter(req.URL, "&")[0])
	}
}

func TestCheckCallback(t *testing.T) {
	r := newRig(t)
	for name, tc := range map[string]struct {
		change url.Values
		kind   auth.Kind // empty: accepted
		code   string
	}{
		"right":                       {nil, "", ""},
		"other parameters":            {url.Values{"session_state": {"a", "b"}}, "", ""},
		"issuer missing":              {url.Values{"iss": nil}, auth.KindProtocol, "callback_issuer"},
		"issuer wrong":                {url.Values{"iss": {"https://evil.example.com"}}, auth.KindProtocol, "callback_issuer"},
		"issuer with a slash":         {url.Values{"iss": {r.tool.Issuer + "/"}}, auth.KindProtocol, "callback_issuer"},
		"issuer that is the state":    {url.Values{"iss": {"STATE"}}, auth.KindProtocol, "callback_issuer"},
		"issuer empty":                {url.Values{"iss": {""}}, auth.KindProtocol, "callback_issuer"},
		"issuer twice":                {url.Values{"iss": {r.tool.Issuer, "x"}}, auth.KindProtocol, "callback_duplicate"},
		"issuer wrong beside error":   {url.Values{"iss": {"x"}, "error": {"access_denied"}}, auth.KindProtocol, "callback_issuer"},
		"issuer missing beside error": {url.Values{"iss": nil, "error": {"access_denied"}}, auth.KindProtocol, "callback_issuer"},
		"code missing":                {url.Values{"code": nil}, auth.KindProtocol, "callback_code"},
		"code empty":                  {url.Values{"code": {""}}, auth.KindProtocol, "callback_code"},
		"code twice":                  {url.Values{"code": {"a", "b"}}, auth.KindProtocol, "callback_duplicate"},
		"code with a line break":      {url.Values{"code": {"a\r\nb"}}, auth.KindProtocol, "callback_code"},
		"code too long":               {url.Values{"code": {strings.Repeat("a", 1<<20)}}, auth.KindProtocol, "callback_code"},
		"state wrong":                 {url.Values{"state": {"x"}}, auth.KindProtocol, "callback_state"},
		"state missing":               {url.Values{"state": nil}, auth.KindProtocol, "callback_state"},
		"state twice":                 {url.Values{"state": {"a", "b"}}, auth.KindProtocol, "callback_duplicate"},
		"error twice":                 {url.Values{"error": {"a", "b"}}, auth.KindProtocol, "callback_duplicate"},
		"declined in two sentences": {
			url.Values{"error": {"access_denied"}, "error_description": {"a", "b"}},
			auth.KindDenied,
			"access_denied",
		},
		"code that was garbled":   {url.Values{"code": {"\uFFFD"}}, auth.KindProtocol, "callback_code"},
		"issuer that was garbled": {url.Values{"iss": {"\uFFFD"}}, auth.KindProtocol, "callback_issuer"},
		"declined":                {url.Values{"error": {"access_denied"}}, auth.KindDenied, "access_denied"},
		"declined beside a code":  {url.Values{"error": {"access_denied"}, "code": {"x"}}, auth.KindDenied, "access_denied"},
		"login required":          {url.Values{"error": {"login_required"}}, auth.KindSignIn, "login_required"},
		"outage":                  {url.Values{"error": {"temporarily_unavailable"}}, auth.KindTransient, "temporarily_unavailable"},
		"unknown scope":           {url.Values{"error": {"invalid_scope"}}, auth.KindSetup, "invalid_scope"},
		"wrong client":            {url.Values{"error": {"unauthorized_client"}}, auth.KindSetup, "unauthorized_client"},
		"error that is the state": {url.Values{"error": {"STATE"}}, auth.KindFailed, "unknown_error"},
		"declined, short code":    {url.Values{"error": {"access_denied"}, "code": {"a"}}, auth.KindDenied, "access_denied"},
		"unknown error": {
			url.Values{"error": {"x\r\n<b>\"\x00 " + strings.Repeat("y", 100)}},
			auth.KindFailed,
			"x<b>" + strings.Repeat("y", 60),
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := r.begin()
			q := url.Values{"code": {"the+code"}, "state": {req.State.Reveal()}, "iss": {r.tool.Issuer}}
			for k, v := range tc.change {
				q[k] = v
				if v == nil {
					q.Del(k)
				} else if v[0] == "STATE" {
					q.Set(k, req.State.Reveal())
				}
			}
			code, err := r.client.CheckCallback(req, q)
			if tc.kind == "" {
				if err != nil || code != "the+code" {
					t.Errorf("got %v", err)
				}
				return
			}
			wantError(t, err, tc.kind, tc.code, req.State, "the+code")
			if code != "" {
				t.Error("a code came with the error")
			}
		})
	}
	if got := r.faults.Seen("/token"); got != 0 {
		t.Errorf("checking sent %d token requests", got)
	}
}

func TestCheckCallbackIssuerNotAnnounced(t *testing.T) {
	r := newRig(t)
	r.faults.Set(
		discoveryPath,
		authtest.RewriteJSON(func(m map[string]any) { delete(m, "authorization_response_iss_parameter_supported") }),
	)
	req := r.begin()
	for iss, code := range map[string]string{"": "", r.tool.Issuer: "", "https://evil.example.com": "callback_issuer"} {
		q := url.Values{"code": {"c"}, "state": {req.State.Reveal()}}
		if iss != "" {
			q.Set("iss", iss)
		}
		_, err := r.client.CheckCallback(req, q)
		if code != "" {
			wantError(t, err, auth.KindProtocol, code)
		} else if err != nil {
			t.Errorf("issuer %q: %v", iss, err)
		}
	}
}

// TestRefusalInTheBrowserIsExplained: the code decides, the number chooses the
// words, and nothing of what was sent comes back.
func TestRefusalInTheBrowserIsExplained(t *testing.T) {
	r := newRig(t)
	req := r.begin()
	check := func(change url.Values) *auth.Error {
		t.Helper()
		q := url.Values{"state": {req.State.Reveal()}, "iss": {r.tool.Issuer}, "error": {"access_denied"}}
		maps.Copy(q, change)
		_, err := r.client.CheckCallback(req, q)
		wantError(t, err, auth.KindDenied, "access_denied", req.State)
		e := auth.AsError(err)
		if strings.Contains(e.Note(), req.State.Reveal()) {
			t.Errorf("%q holds the state", e.Note())
		}
		return e
	}
	e := check(
		url.Values{
			"error_description": {
				"AADSTS50105: The signed in user is not assigned.\r\nTrace ID: 0a1b2c3d-0000-1111-2222-333344445555\r\nCorrelation ID: " +
					"99999999-8888-7777-6666-555544443333\r\nTimestamp: 2026-03-01 09:00:00Z",
			},
		},
	)
	if want := "AADSTS50105, trace ID 0a1b2c3d-0000-1111-2222-333344445555, correlation ID 99999999-8888-7777-6666-555544443333, " +
		"2026-03-01 09:00:00Z"; e.Ref != want ||
		e.Who != auth.WhoAdmin ||
		e.Detail != "" ||
		!strings.Contains(e.What, "not assigned") {
		t.Errorf("got %+v", e)
	}
	if e := check(url.Values{"error_subcode": {"cancel"}}); !strings.Contains(e.What, "cancelled") {
		t.Errorf("got %+v", e)
	}
	if e := check(url.Values{"error_description": {"ask\nIT"}}); e.Detail != `"ask\nIT"` {
		t.Errorf("the detail is %s", e.Detail)
	}
	if e := check(url.Values{"error_description": {"your state was " + req.State.Reveal()}}); e.Detail != "" {
		t.Errorf("the detail is %s", e.Detail)
	}
}
