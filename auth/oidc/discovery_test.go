package oidc_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"keyfob/auth"
	"keyfob/auth/oidc"
)

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func TestDiscover(t *testing.T) {
	r := newRig(t)
	m, err := r.client.Discover(t.Context(), r.tool)
	if err != nil {
		t.Fatal(err)
	}
	if m.Issuer != r.tool.Issuer || m.TokenEndpoint != r.tool.Issuer+"/token" || m.EndSessionEndpoint == "" || !m.SendsIssuer ||
		!slices.Equal(m.Algs, []string{"ES256"}) {
		t.Errorf("got %+v", m)
	}
}

func TestDiscoveryIssuerMismatch(t *testing.T) {
	for name, says := range map[string]any{
		"slash":   "https://idp.example.com/",
		"case":    "https://IDP.example.com",
		"other":   "https://evil.example.com",
		"empty":   "",
		"missing": nil,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := discover(
				t.Context(),
				metadataOf("https://idp.example.com", map[string]any{"issuer": says}),
				"https://idp.example.com",
			)
			wantError(t, err, auth.KindSetup, "issuer_mismatch")
		})
	}
}

func TestDiscoveryAddress(t *testing.T) {
	for issuer, want := range map[string]string{
		"https://idp.example.com":      "https://idp.example.com" + discoveryPath,
		"https://idp.example.com/":     "https://idp.example.com" + discoveryPath,
		"https://idp.example.com/a/v2": "https://idp.example.com/a/v2" + discoveryPath,
	} {
		var got string
		_, err := discover(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			got = req.URL.String()
			metadataOf(issuer, nil).ServeHTTP(w, req)
		}), issuer)
		if err != nil || got != want {
			t.Errorf("%s: asked %s, %v", issuer, got, err)
		}
	}
}

// TestDiscoveryBehindASlash follows a redirect to the same address with a slash
// behind it, once, and no other.
func TestDiscoveryBehindASlash(t *testing.T) {
	const issuer = "https://idp.example.com/o"
	slash := discoveryPath + "/"
	for location, followed := range map[string]bool{
		"/o" + slash:                            true,
		issuer + slash:                          true,
		"/o" + slash + "?x=1":                   false,
		"/o" + slash + "/":                      false,
		"/o" + discoveryPath:                    false,
		"http://idp.example.com/o" + slash:      false,
		"https://idp.example.com:444/o" + slash: false,
		"https://evil.example.com/o" + slash:    false,
		"//evil.example.com/o" + slash:          false,
		"https://a@idp.example.com/o" + slash:   false,
		"/elsewhere/":                           false,
		"":                                      false,
	} {
		for _, status := range []int{301, 302, 307, 308} {
			asked := 0
			m, err := discover(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				asked++
				if req.URL.String() == issuer+slash && asked == 2 {
					metadataOf(issuer, nil).ServeHTTP(w, req)
					return
				}
				w.Header().Set("Location", location)
				w.WriteHeader(status)
			}), issuer)
			if followed {
				if err != nil || m.Issuer != issuer || asked != 2 {
					t.Errorf("%d to %q: asked %d times, %v", status, location, asked, err)
				}
				continue
			}
			wantError(t, err, auth.KindTransient, "redirect")
			if asked != 1 {
				t.Errorf("%d to %q: asked %d times", status, location, asked)
			}
		}
	}
	again := 0
	_, err := discover(t.Context(), http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		again++
		w.Header().Set("Location", req.URL.Path+"/")
		w.WriteHeader(http.StatusFound)
	}), issuer)
	if wantError(t, err, auth.KindTransient, "redirect"); again != 2 {
		t.Errorf("a provider that always adds a slash was asked %d times", again)
	}
}

func TestDiscoveryRefusesInsecureIssuer(t *testing.T) {
	for _, issuer := range []string{
		"http://idp.example.com", "http://127.0.0.1.example.com", "ftp://idp.example.com", "idp.example.com", "",
		"https://user@idp.example.com", "https://idp.example.com?x=1", "https://idp.example.com#x", "--x", "https://idp\n.example.com",
	} {
		_, err := discover(
			t.Context(),
			http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Errorf("%q was asked", issuer) }),
			issuer,
		)
		wantError(t, err, auth.KindSetup, "bad_url")
	}
}

func TestDiscoveryRefusesInsecureEndpoints(t *testing.T) {
	for _, name := range []string{
		"authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "introspection_endpoint",
		"revocation_endpoint", "end_session_endpoint",
	} {
		for _, address := range []string{
			"http://idp.example.com/x", "http://127.0.0.1/x", "file:///etc/passwd", "--x", "//idp.example.com/x", "https://",
			`\\host\share`, "https://a@idp.example.com/",
		} {
			_, err := discover(t.Context(), metadataOf("https://idp.example.com", map[string]any{name: address}), "https://idp.example.com")
			wantError(t, err, auth.KindProtocol, "insecure_endpoint")
		}
	}
	_, err := discover(
		t.Context(),
		metadataOf("http://127.0.0.1:9", map[string]any{"token_endpoint": "http://idp.example.com/t"}),
		"http://127.0.0.1:9",
	)
	wantError(t, err, auth.KindProtocol, "insecure_endpoint")
	if _, err := discover(t.Context(), metadataOf("http://[::1]:9", nil), "http://[::1]:9"); err != nil {
		t.Errorf("a loopback issuer: %v", err)
	}
}

func TestDiscoveryMissingEndpoint(t *testing.T) {
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri"} {
		_, err := discover(t.Context(), metadataOf("https://idp.example.com", map[string]any{name: nil}), "https://idp.example.com")
		wantError(t, err, auth.KindProtocol, "bad_metadata")
	}
}

func TestDiscoveryAlgorithms(t *testing.T) {
	for name, tc := range map[string]struct {
		listed any
		want   []string
		code   string
	}{
		"not listed":      {nil, oidc.Algorithms(), ""},
		"some":            {[]string{"none", "PS512", "HS256", "RS256", "EdDSA"}, []string{"RS256", "PS512"}, ""},
		"none":            {[]string{"none"}, nil, "no_algorithm"},
		"only symmetric":  {[]string{"HS256", "HS512"}, nil, "no_algorithm"},
		"nothing at all":  {[]string{}, oidc.Algorithms(), ""},
		"unknown is none": {[]string{"RS1", "rs256"}, nil, "no_algorithm"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := discover(
				t.Context(),
				metadataOf("https://idp.example.com", map[string]any{"id_token_signing_alg_values_supported": tc.listed}),
				"https://idp.example.com",
			)
			if tc.code != "" {
				wantError(t, err, auth.KindSetup, tc.code)
			} else if err != nil || !slices.Equal(m.Algs, tc.want) {
				t.Errorf("got %v, %v, want %v", m, err, tc.want)
			}
		})
	}
}

func TestDiscoveryPKCE(t *testing.T) {
	for name, tc := range map[string]struct {
		methods any
		code    string
	}{
		"not said":   {nil, ""},
		"both":       {[]string{"plain", "S256"}, ""},
		"plain only": {[]string{"plain"}, "no_s256"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := discover(
				t.Context(),
				metadataOf("https://idp.example.com", map[string]any{"code_challenge_methods_supported": tc.methods}),
				"https://idp.example.com",
			)
			if tc.code != "" {
				wantError(t, err, auth.KindSetup, tc.code)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}
