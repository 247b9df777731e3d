package oidc_test

import (
	"net/http"
	"sync"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

func TestCodeIsSentOnce(t *testing.T) {
	for name, fault := range map[string]authtest.Fault{
		"success":     nil,
		"lost answer": authtest.Drop,
		"half answer": authtest.Cut,
		"outage":      authtest.Answer(503, ""),
		"refused":     authtest.Answer(401, `{"error":"invalid_client"}`),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if fault != nil {
				r.faults.Set("/token", fault)
			}
			req := r.begin()
			code := r.code(req)
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() { _, _ = r.client.Exchange(t.Context(), req, code) })
			}
			wg.Wait()
			_, err := r.client.Exchange(t.Context(), req, code)
			wantError(t, err, auth.KindFailed, "code_spent", code)
			if got := r.faults.Seen("/token"); got != 1 {
				t.Errorf("the code was sent %d times", got)
			}
		})
	}
}

func TestExchangeBadAnswers(t *testing.T) {
	r := newRig(t)
	set := func(name string, value any) authtest.Fault {
		return authtest.RewriteJSON(func(m map[string]any) {
			m[name] = value
			if value == nil {
				delete(m, name)
			}
		})
	}
	type bad struct {
		fault authtest.Fault
		kind  auth.Kind
		code  string
	}
	cases := map[string]bad{
		"no ID token":                {set("id_token", nil), auth.KindProtocol, "no_id_token"},
		"ID token empty":             {set("id_token", ""), auth.KindProtocol, "no_id_token"},
		"ID token a number":          {set("id_token", 1), auth.KindProtocol, "bad_token"},
		"ID token opaque":            {set("id_token", "opaque"), auth.KindProtocol, "id_token_malformed"},
		"ID token with a line break": {set("id_token", "a.b.c\n"), auth.KindProtocol, "bad_token"},
		"no access token":            {set("access_token", nil), auth.KindProtocol, "no_access_token"},
		"access token null": {
			authtest.RewriteJSON(func(m map[string]any) { m["access_token"] = nil }),
			auth.KindProtocol,
			"no_access_token",
		},
		"access token an object":    {set("access_token", map[string]any{"a": 1}), auth.KindProtocol, "bad_token"},
		"access token with CR LF":   {set("access_token", "a\r\nX-Evil: b"), auth.KindProtocol, "bad_token"},
		"access token with NUL":     {set("access_token", "a\x00b"), auth.KindProtocol, "bad_token"},
		"access token with a space": {set("access_token", "a b"), auth.KindProtocol, "bad_token"},
		"access token not ASCII":    {set("access_token", "ä"), auth.KindProtocol, "bad_token"},
		"access token miscased": {
			authtest.RewriteJSON(func(m map[string]any) { m["ACCESS_TOKEN"] = m["access_token"]; delete(m, "access_token") }),
			auth.KindProtocol,
			"no_access_token",
		},
		"refresh token with DEL": {set("refresh_token", "a\x7fb"), auth.KindProtocol, "bad_token"},
		"type mac":               {set("token_type", "mac"), auth.KindProtocol, "token_type"},
		"type DPoP":              {set("token_type", "DPoP"), auth.KindProtocol, "token_type"},
		"type missing":           {set("token_type", nil), auth.KindProtocol, "token_type"},
		"type a list":            {set("token_type", []string{"Bearer"}), auth.KindProtocol, "token_type"},
		"form for data": {
			authtest.Answer(200, "access_token=a&token_type=bearer", "Content-Type", "text/plain"),
			auth.KindProtocol,
			"not_json",
		},
		"null":              {authtest.Answer(200, "null", "Content-Type", "application/json"), auth.KindProtocol, "not_json"},
		"refused code":      {authtest.Answer(400, `{"error":"invalid_grant"}`), auth.KindFailed, "invalid_grant"},
		"refused code, 401": {authtest.Answer(401, `{"error":"invalid_grant"}`), auth.KindFailed, "invalid_grant"},
		"wrong client":      {authtest.Answer(401, `{"error":"invalid_client"}`), auth.KindSetup, "invalid_client"},
		"error with status 200": {
			authtest.Answer(200, `{"error":"invalid_scope","access_token":"a"}`),
			auth.KindSetup,
			"invalid_scope",
		},
		"error of no standard":      {authtest.Answer(400, `{"error":"weird"}`), auth.KindFailed, "weird"},
		"status 403 without a code": {authtest.Answer(403, `{"message":"Forbidden"}`), auth.KindFailed, "http_error"},
		"status 403 with a page":    {authtest.Answer(403, `<html>`), auth.KindTransient, "http_403"},
		"error inside an outage":    {authtest.Answer(503, `{"error":"invalid_grant"}`), auth.KindTransient, "http_503"},
		"code echoed":               {echo("code"), auth.KindFailed, "invalid_grant"},
		"verifier echoed":           {echo("code_verifier"), auth.KindFailed, "invalid_grant"},
	}
	for name, tc := range badDocuments {
		if name != "array" && name != "wrong types" {
			cases[name] = bad(tc)
		}
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/token", tc.fault)
			before := r.faults.Seen("/token")
			req := r.begin()
			code := r.code(req)
			tokens, err := r.client.Exchange(t.Context(), req, code)
			wantError(t, err, tc.kind, tc.code, code)
			if tokens.Access != "" || tokens.Refresh != "" || tokens.ID != "" {
				t.Error("tokens came with the error")
			}
			if got := r.faults.Seen("/token") - before; got != 1 {
				t.Errorf("%d token requests", got)
			}
		})
	}
}

// echo is a fault that repeats a parameter of the request in its error.
func echo(name string) authtest.Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.WriteHeader(http.StatusBadRequest)
		writeJSON(w, map[string]string{"error": "invalid_grant", "error_description": "not good: " + r.PostFormValue(name)})
	}
}
