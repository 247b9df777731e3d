package oidc_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

// goesOn signs in, refreshes, checks what came, and refreshes with that, with a
// client that knows nothing as yet.
func (r *rig) goesOn(t *testing.T) auth.Tokens {
	t.Helper()
	r.client = r.newClient()
	tokens, err := r.exchange()
	if err != nil {
		t.Fatalf("the sign-in: %v", err)
	}
	for range 2 {
		r.clock.advance(time.Minute)
		fresh, err := r.client.Refresh(t.Context(), r.tool, tokens)
		if err != nil || fresh.Refresh == tokens.Refresh {
			t.Fatalf("the refresh: %v", err)
		}
		if tokens, err = r.client.VerifyRefreshed(t.Context(), r.tool, tokens, fresh); err != nil {
			t.Fatalf("the check of a refresh: %v", err)
		}
	}
	if r.hello(tokens) != http.StatusOK {
		t.Error("the tokens are of no use")
	}
	return tokens
}

// marked is a fault that puts a byte-order mark before the real answer.
func marked(w http.ResponseWriter, r *http.Request, next http.Handler) {
	rec := httptest.NewRecorder()
	next.ServeHTTP(rec, r)
	maps.Copy(w.Header(), rec.Header())
	w.Header().Del("Content-Length")
	w.WriteHeader(rec.Code)
	_, _ = io.WriteString(w, "\xef\xbb\xbf"+rec.Body.String())
}

// TestByteOrderMarks stand before every answer.
func TestByteOrderMarks(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{discoveryPath, "/jwks", "/token", "/userinfo", "/revoke"} {
		r.faults.Set(path, marked)
	}
	tokens := r.goesOn(t)
	if _, err := r.client.UserInfo(t.Context(), r.tool, tokens); err != nil {
		t.Errorf("UserInfo: %v", err)
	}
	if p, err := r.client.Fetch(t.Context(), r.tool.Issuer+discoveryPath); err != nil || p.Document["issuer"] == nil {
		t.Errorf("the metadata for a person: %v", err)
	}
	used := tokens
	if _, err := r.client.Refresh(t.Context(), r.tool, tokens); err != nil {
		t.Fatal(err)
	}
	_, err := r.client.Refresh(t.Context(), r.tool, used) // a 400 with a mark
	wantError(t, err, auth.KindGrant, "invalid_grant")
	r.tool.ClientID = "secret"
	wantError(t, r.client.Revoke(t.Context(), r.tool, tokens), auth.KindSetup, "invalid_client")
	// A page is a page, with a mark as without.
	r.faults.Set("/token", authtest.Answer(200, "\xef\xbb\xbf<html>"))
	_, err = r.client.Refresh(t.Context(), r.tool, tokens)
	wantError(t, err, auth.KindTransient, "not_json")
}

// TestByteOrderMarkBeforeASignedUserInfo stands before a JWT.
func TestByteOrderMarkBeforeASignedUserInfo(t *testing.T) {
	r, mine, tokens := namelessRig(t)
	claims := map[string]any{"iss": r.tool.Issuer, "aud": r.tool.ClientID, "sub": tokens.Account.Subject, "name": "Ada"}
	jwt := mine.Sign(map[string]any{"alg": "ES256", "kid": "mine"}, claims)
	r.faults.Set("/userinfo", authtest.Answer(200, "\xef\xbb\xbf"+jwt+"\n", "Content-Type", "application/jwt"))
	if a, err := r.client.UserInfo(t.Context(), r.tool, tokens); err != nil || a.Name != "Ada" {
		t.Errorf("%+v, %v", a, err)
	}
}

// TestOddMetadata: what nobody needs may be of any type, and by no other name.
func TestOddMetadata(t *testing.T) {
	odd := []string{`"openid profile"`, `7`, `null`, `true`, `{}`, `[1,{"a":[]},null]`, `[["openid"]]`, `{"a":{"b":[1]}}`, `""`}
	optional := []string{
		"scopes_supported", "response_types_supported", "grant_types_supported", "claims_supported", "acr_values_supported",
		"service_documentation",
		"ui_locales_supported", "token_endpoint_auth_methods_supported", "request_parameter_supported", "mtls_endpoint_aliases",
		"op_policy_uri",
		"authorization_response_iss_parameter_supported",
	}
	endpoints := []string{
		"userinfo_endpoint",
		"introspection_endpoint",
		"revocation_endpoint",
		"end_session_endpoint",
		"ping_end_session_endpoint",
		"registration_endpoint",
	}
	r := newRig(t)
	for _, value := range odd {
		t.Run(value, func(t *testing.T) {
			r.faults.Set(discoveryPath, authtest.RewriteJSON(func(m map[string]any) {
				for _, name := range optional {
					m[name] = json.RawMessage(value)
				}
				if value[0] != '"' { // an address that is text is checked
					for _, name := range endpoints {
						m[name] = json.RawMessage(value)
					}
				}
			}))
			r.goesOn(t)
			if m, err := r.client.Discover(t.Context(), r.tool); err != nil || value[0] != '"' && m.EndSessionEndpoint != "" {
				t.Errorf("%+v, %v", m, err)
			}
		})
	}
	for _, name := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"} {
		for _, value := range []string{`7`, `["https://idp.example.com"]`, `{}`, `true`} {
			_, err := discover(
				t.Context(),
				metadataOf("https://idp.example.com", map[string]any{name: json.RawMessage(value)}),
				"https://idp.example.com",
			)
			wantError(t, err, auth.KindProtocol, "bad_metadata")
			if !strings.Contains(err.Error(), name) {
				t.Errorf("%q does not name %s", err, name)
			}
		}
	}
	// What the settings say themselves is not needed there.
	c := &oidc.Client{HTTP: &http.Client{Transport: anyHost{metadataOf("https://idp.example.com", map[string]any{"token_endpoint": 7})}}}
	m, err := c.Discover(
		t.Context(),
		auth.Tool{Issuer: "https://idp.example.com", Endpoints: auth.Endpoints{Token: "https://idp.example.com/mine"}},
	)
	if err != nil || m.TokenEndpoint != "https://idp.example.com/mine" {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestListsInMetadata: text counts as a list, and what is checked is checked
// in each form.
func TestListsInMetadata(t *testing.T) {
	const issuer = "https://idp.example.com"
	for name, tc := range map[string]struct {
		change map[string]any
		code   string
		check  func(*oidc.Metadata) bool
	}{
		"scopes as text": {
			map[string]any{"scopes_supported": "openid profile"},
			"",
			func(m *oidc.Metadata) bool { return slices.Equal(m.Scopes, []string{"openid", "profile"}) },
		},
		"scopes mixed": {
			map[string]any{"scopes_supported": []any{7, "openid", nil}},
			"",
			func(m *oidc.Metadata) bool { return slices.Equal(m.Scopes, []string{"openid"}) },
		},
		"PKCE as text":       {map[string]any{"code_challenge_methods_supported": "S256"}, "", nil},
		"PKCE plain as text": {map[string]any{"code_challenge_methods_supported": "plain"}, "no_s256", nil},
		"PKCE a number":      {map[string]any{"code_challenge_methods_supported": 7}, "", nil},
		"algorithm as text": {
			map[string]any{"id_token_signing_alg_values_supported": "ES256"},
			"",
			func(m *oidc.Metadata) bool { return slices.Equal(m.Algs, []string{"ES256"}) },
		},
		"symmetric as text": {map[string]any{"id_token_signing_alg_values_supported": "HS256"}, "no_algorithm", nil},
		"algorithms of another type": {
			map[string]any{"id_token_signing_alg_values_supported": map[string]any{}},
			"",
			func(m *oidc.Metadata) bool { return slices.Equal(m.Algs, oidc.Algorithms()) },
		},
		"iss as text": {
			map[string]any{"authorization_response_iss_parameter_supported": "true"},
			"",
			func(m *oidc.Metadata) bool { return !m.SendsIssuer },
		},
	} {
		m, err := discover(t.Context(), metadataOf(issuer, tc.change), issuer)
		switch {
		case tc.code != "":
			if wantError(t, err, auth.KindSetup, tc.code); t.Failed() {
				t.Fatal(name)
			}
		case err != nil || tc.check != nil && !tc.check(m):
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

// TestMemberNamesAreExact: "Issuer" is not "issuer", anywhere.
func TestMemberNamesAreExact(t *testing.T) {
	const issuer = "https://idp.example.com"
	for _, name := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"} {
		miscased := strings.ToUpper(name[:1]) + name[1:]
		// Beside the right one it counts for nothing.
		m, err := discover(
			t.Context(),
			metadataOf(issuer, map[string]any{miscased: "https://evil.example.com", strings.ToUpper(name): 7}),
			issuer,
		)
		if err != nil || m.Issuer != issuer || strings.Contains(m.TokenEndpoint+m.AuthorizationEndpoint+m.JWKSURI, "evil") {
			t.Errorf("%s: %+v, %v", miscased, m, err)
		}
		// And alone it is not there.
		_, err = discover(t.Context(), metadataOf(issuer, map[string]any{name: nil, miscased: issuer}), issuer)
		if err == nil {
			t.Errorf("%s alone was taken for %s", miscased, name)
		}
	}
	r := newRig(t)
	old := r.signIn()
	for name, edit := range map[string]func(map[string]any){
		"Access_Token": func(m map[string]any) {
			m["Access_Token"] = "evil"
			m["REFRESH_TOKEN"] = 7
			m["ID_Token"] = 7
			m["Token_Type"] = "mac"
			m["Error"] = "invalid_grant"
		},
	} {
		r.faults.Set("/token", authtest.RewriteJSON(edit))
		fresh, err := r.client.Refresh(t.Context(), r.tool, old)
		if err != nil || fresh.Access == "evil" {
			t.Fatalf("%s: %v", name, err)
		}
		if old, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh); err != nil {
			t.Fatal(err)
		}
	}
	r.faults.Set(
		"/token",
		authtest.RewriteJSON(func(m map[string]any) { m["Access_Token"] = m["access_token"]; delete(m, "access_token") }),
	)
	_, err := r.client.Refresh(t.Context(), r.tool, old)
	wantError(t, err, auth.KindProtocol, "no_access_token")
	// A key whose members are miscased is no key.
	mine := authtest.NewSigner("ES256", "mine")
	r.client = r.newClient()
	r.faults.Set("/token", authtest.RewriteIDToken(nil, mine))
	r.faults.Set("/jwks", authtest.RawKeys(strings.Replace(mine.RawJWK(), `"kty"`, `"Kty"`, 1)))
	_, err = r.exchange()
	wantError(t, err, auth.KindProtocol, "no_keys")
}
