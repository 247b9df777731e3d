package app_test

import (
	"crypto/x509"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

// TestProviders runs the real program against providers, proxies and
// certificates that are odd or wrong, each in a way of its own.
func TestProviders(t *testing.T) {
	places := map[string]string{}
	oddProviders(t, places)
	badCertificates(t, places)
	for name, answer := range map[string]string{
		"PROXY_LOGIN":  "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
		"PROXY_DENIES": "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
		"PROXY_LOST":   "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
	} {
		places[name] = authtest.Raw(t, answer)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/providers",
		Setup: func(env *testscript.Env) error {
			for name, value := range places {
				env.Setenv(name, value)
			}
			return setup(env)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"person": person, "wait-for": waitForText},
	})
}

// oddProviders serves real providers with something laid over their answers.
func oddProviders(t *testing.T, places map[string]string) {
	t.Helper()
	mine := authtest.NewSigner("RS256", "mine")
	members := authtest.OddMembers()
	serve := func(name string, now func() time.Time, lay func(f *authtest.Faults)) {
		p, err := idp.New(idp.Config{
			RSA:   authtest.RSA(),
			Users: map[string]auth.Secret{"ann": "pw"}, Now: now,
			Clients: []idp.Client{{ID: "renews", Refresh: true, AccessTTL: time.Hour}},
		})
		if err != nil {
			t.Fatal(err)
		}
		f := authtest.NewFaults(p)
		lay(f)
		places[name] = authtest.Serve(t, f)
	}
	token := func(edit func(_, claims map[string]any)) authtest.Fault {
		return authtest.RewriteIDToken(func(h, c map[string]any) {
			if edit != nil {
				edit(h, c)
			}
		}, mine)
	}
	serve("ODD", time.Now, func(f *authtest.Faults) {
		f.Set("/.well-known/openid-configuration", marked(authtest.RewriteJSON(func(m map[string]any) {
			m["scopes_supported"], m["claims_supported"], m["Issuer"] = "openid offline_access", 7, "https://evil.example.com"
		})))
		f.Set("/jwks", marked(authtest.RawKeys(
			mine.RawJWK(members["a negative serial number"], members["a wrong x5t"], members["a use that is a list"]),
			authtest.BadKeys()["a short RSA key"],
		)))
		f.Set("/token", marked(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			signed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { token(nil)(w, r, next) })
			authtest.RewriteJSON(func(m map[string]any) { m["scope"] = json.RawMessage(`["openid"]`) })(w, r, signed)
		}))
	})
	serve("SHARED", time.Now, func(f *authtest.Faults) {
		f.Set("/jwks", authtest.Keys(mine))
		f.Set("/token", token(func(_, c map[string]any) { c["aud"] = []any{"renews", "project-7"} }))
	})
	serve("AHEAD", func() time.Time { return time.Now().Add(6 * time.Minute) }, func(f *authtest.Faults) {
		f.Set("/jwks", authtest.Keys(mine))
		f.Set("/token", token(func(_, c map[string]any) { c["nbf"] = c["iat"] }))
	})
	serve("SILENT", time.Now, func(f *authtest.Faults) { f.Set("/token", authtest.Answer(http.StatusUnauthorized, "")) })
}

// marked puts a byte-order mark before the answer of a fault.
func marked(fault authtest.Fault) authtest.Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := httptest.NewRecorder()
		fault(rec, r, next)
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(append([]byte("\xef\xbb\xbf"), rec.Body.Bytes()...))
	}
}

// badCertificates serves places that cannot prove who they are.
func badCertificates(t *testing.T, places map[string]string) {
	t.Helper()
	now := time.Now()
	for name, change := range map[string]func(*x509.Certificate){
		"EXPIRED":   func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Minute) },
		"EARLY":     func(c *x509.Certificate) { c.NotBefore = now.Add(48 * time.Hour) },
		"UNTRUSTED": func(*x509.Certificate) {},
		"OTHER":     func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"other.example.com"}, nil },
	} {
		places[name], places[name+"_CA"] = authtest.ServeTLS(t, http.NotFoundHandler(), change, nil)
	}
	places["PLAIN"] = "https" + strings.TrimPrefix(authtest.Serve(t, http.NotFoundHandler()), "http")
}
