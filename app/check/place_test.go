package check_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/check"
	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
)

func TestTLS(t *testing.T) {
	p, err := idp.New(idp.Config{RSA: authtest.RSA(), Clients: []idp.Client{{ID: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(nil)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		authtest.RewriteJSON(func(m map[string]any) {
			for k, v := range m {
				if text, ok := v.(string); ok {
					m[k] = strings.Replace(text, "http://", "https://", 1)
				}
			}
		})(w, r, p)
	})
	s.Config.ErrorLog = nil
	s.StartTLS()
	t.Cleanup(s.Close)

	r, err := run(t, auth.Tool{Issuer: s.URL}, nil)
	if err != nil || r.Verdict != report.Incompatible || row(t, r, "TLS").Result != report.Failed ||
		!strings.Contains(r.Because[0], "prove who it is") {
		t.Errorf("a certificate of nobody: %+v, %v", r, err)
	}

	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := oidc.NewHTTPClient(ca)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdleConnections)
	r, err = check.Provider(t.Context(), &oidc.Client{HTTP: h}, auth.Tool{Issuer: s.URL, CAFile: ca}, nil)
	if err != nil || r.Verdict != report.Compatible || row(t, r, "TLS").Text != "TLS 1.3" {
		t.Errorf("with its authority: %+v, %v", r, err)
	}
}

// TestClock moves this computer's clock against the provider's.
func TestClock(t *testing.T) {
	for off, want := range map[time.Duration]struct {
		result report.Result
		text   string
	}{
		0:                     {report.OK, "agrees"},
		-30 * time.Second:     {report.OK, "seconds behind"},
		40 * time.Second:      {report.OK, "seconds ahead"},
		-7 * time.Minute:      {report.Failed, "minutes behind, so sign-ins may be refused"},
		3 * time.Hour:         {report.Failed, "hours ahead"},
		-365 * 24 * time.Hour: {report.Failed, "days behind"},
	} {
		_, issuer := provider(t)
		c := &oidc.Client{Now: func() time.Time { return time.Now().Add(off) }}
		r, err := check.Provider(t.Context(), c, auth.Tool{Issuer: issuer}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := row(t, r, "clock"); got.Result != want.result || !strings.Contains(got.Text, want.text) ||
			r.Verdict != report.Compatible {
			t.Errorf("%s: %+v, %s", off, got, r.Verdict)
		}
	}
	f, issuer := provider(t)
	f.Set(discovery, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		w.Header()["Date"] = nil
		next.ServeHTTP(w, r)
	})
	if r, err := run(t, auth.Tool{Issuer: issuer}, nil); err != nil || row(t, r, "clock").Result != report.Unknown {
		t.Errorf("without a date: %+v, %v", r, err)
	}
}

// TestWhatIsWrongWithTLS: a verdict names what it is, and says nothing of the
// network.
func TestWhatIsWrongWithTLS(t *testing.T) {
	now := time.Now()
	plain := authtest.Serve(t, http.NotFoundHandler())
	secure, _ := authtest.ServeTLS(t, http.NotFoundHandler(), nil, nil)
	with := func(change func(*x509.Certificate), conf *tls.Config) (string, string) {
		return authtest.ServeTLS(t, http.NotFoundHandler(), change, conf)
	}
	at := func(origin string) (string, string) { return origin, "" }
	for name, tt := range map[string]struct {
		place func() (origin, caFile string)
		text  string
	}{
		"expired": {func() (string, string) {
			return with(func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Minute) }, nil)
		}, "its certificate expired on "},
		"not yet valid": {func() (string, string) {
			return with(func(c *x509.Certificate) { c.NotBefore = now.Add(time.Hour) }, nil)
		}, "its certificate is not valid before "},
		"another host's": {func() (string, string) {
			return with(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = []string{"other.example.com"}, nil }, nil)
		}, `its certificate is for "other.example.com"`},
		"without names": {func() (string, string) {
			return with(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil }, nil)
		}, "names no host"},
		"wants ours": {func() (string, string) {
			return with(nil, &tls.Config{MinVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert})
		}, "wants to see a certificate of the client"},
		"plain http behind https": {
			func() (string, string) { return at("https" + strings.TrimPrefix(plain, "http")) },
			"answered in plain http",
		},
		"https behind plain http": {func() (string, string) { return at("http" + strings.TrimPrefix(secure, "https")) }, "speaks https"},
	} {
		t.Run(name, func(t *testing.T) {
			origin, caFile := tt.place()
			h, err := oidc.NewHTTPClient(caFile)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(h.CloseIdleConnections)
			r, err := check.Provider(t.Context(), &oidc.Client{HTTP: h}, auth.Tool{Issuer: origin}, nil)
			if err != nil || r.Verdict != report.Incompatible || len(r.Rows) != 1 || row(t, r, "TLS").Result != report.Failed ||
				!strings.Contains(r.Because[0], tt.text) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}
