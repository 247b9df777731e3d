package check_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"keyfob/app/check"
	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

const discovery = "/.well-known/openid-configuration"

// provider is a real one behind a fault layer, and its issuer.
func provider(t *testing.T) (*authtest.Faults, string) {
	t.Helper()
	p, err := idp.New(idp.Config{Clients: []idp.Client{{ID: "a", Alg: "ES256"}}})
	if err != nil {
		t.Fatal(err)
	}
	f := authtest.NewFaults(p)
	return f, authtest.Serve(t, f)
}

func run(t *testing.T, tool auth.Tool, last *session.Snapshot) (report.Report, error) {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return check.Provider(t.Context(), &oidc.Client{HTTP: &http.Client{Transport: transport}}, tool, last)
}

func row(t *testing.T, r report.Report, name string) report.Row {
	t.Helper()
	i := slices.IndexFunc(r.Rows, func(row report.Row) bool { return row.Name == name })
	if i < 0 {
		t.Fatalf("there is no row %q in %+v", name, r.Rows)
	}
	return r.Rows[i]
}

// TestRealProviders: both providers that run here fit, and every row says so.
func TestRealProviders(t *testing.T) {
	_, own := provider(t)
	for name, issuer := range map[string]string{"embedded": own, "npm": npm.Start(t, npm.Config{}).Issuer} {
		t.Run(name, func(t *testing.T) {
			r, err := run(t, auth.Tool{Issuer: issuer}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != report.Compatible || len(r.Because) > 0 || len(r.Rows) != 15 {
				t.Errorf("%s because %q, %d rows", r.Verdict, r.Because, len(r.Rows))
			}
			unknown := []string{"access token", "bound to session"} // no metadata tells
			for _, row := range r.Rows {
				if want := slices.Contains(unknown, row.Name); row.Result == report.Failed || (row.Result == report.Unknown) != want ||
					row.Text == "" {
					t.Errorf("%+v", row)
				}
			}
		})
	}
}

// TestMetadata edits what a real provider publishes, a row at a time.
func TestMetadata(t *testing.T) {
	set := func(name string, value any) func(map[string]any) {
		return func(m map[string]any) {
			if m[name] = value; value == nil {
				delete(m, name)
			}
		}
	}
	for name, tt := range map[string]struct {
		edit    func(map[string]any)
		row     string
		result  report.Result
		text    string
		verdict report.Verdict
	}{
		"another issuer": {
			set("issuer", "https://other.example.com"), "issuer", report.Failed,
			"https://other.example.com", report.Incompatible,
		},
		"no issuer":              {set("issuer", nil), "issuer", report.Failed, "names no issuer", report.Incompatible},
		"issuer of another type": {set("issuer", 7), "issuer", report.Failed, "issuer in the metadata is not text", report.Incompatible},
		"issuer miscased": {
			func(m map[string]any) { m["Issuer"] = m["issuer"]; delete(m, "issuer") }, "issuer",
			report.Failed, "names no issuer", report.Incompatible,
		},
		"another issuer, miscased": {
			set("Issuer", "https://other.example.com"), "issuer", report.OK, "same as in the metadata",
			report.Compatible,
		},
		"endpoint of another type": {
			set("token_endpoint", []string{"x"}), "endpoints", report.Failed,
			"token_endpoint in the metadata is not text", report.Incompatible,
		},
		"keys of another type": {set("jwks_uri", 7), "keys", report.Failed, "jwks_uri in the metadata is not text", report.Incompatible},
		"scopes as text": {func(m map[string]any) {
			m["scopes_supported"] = "openid offline_access"
			delete(m, "grant_types_supported")
		}, "refresh token", report.OK, "offline_access", report.Compatible},
		"scopes of another type": {
			func(m map[string]any) { m["scopes_supported"] = 7; delete(m, "grant_types_supported") },
			"refresh token", report.Unknown, "after a sign-in", report.Compatible,
		},
		"code flow as text": {
			set("response_types_supported", "code"), "code flow", report.OK, "response type code",
			report.Compatible,
		},
		"PKCE plain as text": {
			set("code_challenge_methods_supported", "plain"), "PKCE S256", report.Failed, "without S256",
			report.Incompatible,
		},
		"PKCE of another type": {
			set("code_challenge_methods_supported", map[string]any{}), "PKCE S256", report.Unknown,
			"at every sign-in", report.Compatible,
		},
		"sign-out of another type": {set("end_session_endpoint", 7), "sign-out", report.Failed, "no end_session_endpoint", report.Degraded},
		"iss as text": {
			set("authorization_response_iss_parameter_supported", "true"), "iss parameter", report.Failed,
			"does not name", report.Compatible,
		},
		"no token endpoint": {set("token_endpoint", nil), "endpoints", report.Failed, "no token_endpoint", report.Incompatible},
		"plain http": {
			set("authorization_endpoint", "http://idp.example.com/a"), "endpoints", report.Failed,
			"plain http", report.Incompatible,
		},
		"implicit flow only": {
			set("response_types_supported", []string{"id_token"}), "code flow", report.Failed,
			"response type code", report.Incompatible,
		},
		"no code grant": {
			set("grant_types_supported", []string{"implicit"}), "code flow", report.Failed,
			"authorization_code", report.Incompatible,
		},
		"response types not said": {set("response_types_supported", nil), "code flow", report.Unknown, "lists no", report.Compatible},
		"PKCE plain only": {
			set("code_challenge_methods_supported", []string{"plain"}), "PKCE S256", report.Failed,
			"without S256", report.Incompatible,
		},
		"PKCE not said": {
			set("code_challenge_methods_supported", nil), "PKCE S256", report.Unknown, "at every sign-in",
			report.Compatible,
		},
		"no keys": {set("jwks_uri", nil), "keys", report.Failed, "no jwks_uri", report.Incompatible},
		"keys elsewhere": {
			set("jwks_uri", "http://idp.example.com/jwks"), "keys", report.Failed, "cannot be fetched",
			report.Incompatible,
		},
		"symmetric signatures": {
			set("id_token_signing_alg_values_supported", []string{"HS256", "none"}), "signatures",
			report.Failed, "none of RS, ES or PS", report.Incompatible,
		},
		"signatures not said": {
			set("id_token_signing_alg_values_supported", nil), "signatures", report.Unknown, "lists no",
			report.Compatible,
		},
		"all signatures": {
			set("id_token_signing_alg_values_supported", append(oidc.Algorithms(), "EdDSA", "HS256")),
			"signatures", report.OK, "RS256, RS384, RS512, ES256, ES384, ES512, PS256, PS384, PS512", report.Compatible,
		},
		"no refresh tokens": {func(m map[string]any) {
			set("scopes_supported", []string{"openid"})(m)
			set("grant_types_supported", []string{"authorization_code"})(m)
		}, "refresh token", report.Failed, "neither", report.Degraded},
		"refresh tokens not said": {
			func(m map[string]any) { set("scopes_supported", nil)(m); set("grant_types_supported", nil)(m) }, "refresh token",
			report.Unknown, "after a sign-in", report.Compatible,
		},
		"refresh grant": {set("scopes_supported", []string{"openid"}), "refresh token", report.OK, "grant", report.Compatible},
		"no sign-out":   {set("end_session_endpoint", nil), "sign-out", report.Failed, "no end_session_endpoint", report.Degraded},
		"sign-out by another name": {func(m map[string]any) {
			m["ping_end_session_endpoint"] = m["end_session_endpoint"]
			delete(m, "end_session_endpoint")
		}, "sign-out", report.OK, "", report.Compatible},
		"no revocation": {set("revocation_endpoint", nil), "revocation", report.Failed, "deletes them here", report.Compatible},
		"no iss parameter": {
			set("authorization_response_iss_parameter_supported", false), "iss parameter", report.Failed,
			"does not name", report.Compatible,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, issuer := provider(t)
			f.Set(discovery, authtest.RewriteJSON(tt.edit))
			r, err := run(t, auth.Tool{Issuer: issuer}, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := row(t, r, tt.row)
			if got.Result != tt.result || !strings.Contains(got.Text, tt.text) || r.Verdict != tt.verdict {
				t.Errorf("%s, %+v", r.Verdict, got)
			}
			if decides := r.Verdict != report.Compatible; decides != slices.Contains(r.Because, got.Text) {
				t.Errorf("%s because %q", r.Verdict, r.Because)
			}
		})
	}
}

// TestUnreachable: what says nothing about the provider is no verdict.
func TestUnreachable(t *testing.T) {
	for name, fault := range map[string]authtest.Fault{
		"outage":         authtest.Answer(http.StatusServiceUnavailable, ""),
		"a portal":       authtest.Answer(http.StatusOK, "<html>sign in to the network</html>", "Content-Type", "text/html"),
		"a redirect":     authtest.Redirect(http.StatusFound, "https://portal.example.com"),
		"a cut":          authtest.Cut,
		"too many calls": authtest.Answer(http.StatusTooManyRequests, ""),
	} {
		for _, path := range []string{discovery, "/jwks"} {
			f, issuer := provider(t)
			f.Set(path, fault)
			if r, err := run(t, auth.Tool{Issuer: issuer}, nil); auth.KindOf(err) != auth.KindTransient {
				t.Errorf("%s at %s: %s, %v", name, path, r.Verdict, err)
			}
		}
	}
	_, issuer := provider(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := check.Provider(ctx, &oidc.Client{}, auth.Tool{Issuer: issuer}, nil); auth.KindOf(err) != auth.KindCanceled {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := run(t, auth.Tool{Issuer: "http://idp.example.com"}, nil); auth.KindOf(err) != auth.KindSetup {
		t.Errorf("plain http elsewhere: %v", err)
	}
}

func TestNoProviderThere(t *testing.T) {
	for name, fault := range map[string]authtest.Fault{
		"not found": authtest.Answer(http.StatusNotFound, ""),
		"not JSON":  authtest.Answer(http.StatusOK, "hello"),
		"no object": authtest.Answer(http.StatusOK, "[]", "Content-Type", "application/json"),
		"too big":   authtest.Huge(4 << 20),
	} {
		t.Run(name, func(t *testing.T) {
			f, issuer := provider(t)
			f.Set(discovery, fault)
			r, err := run(t, auth.Tool{Issuer: issuer}, nil)
			if err != nil || r.Verdict != report.Incompatible || row(t, r, "discovery").Result != report.Failed || len(r.Rows) != 2 {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}
