package oidc_test

import (
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
)

// tlsProvider serves a provider over https and returns its issuer and a file
// with its certificate.
func tlsProvider(t *testing.T) (issuer, caFile string) {
	t.Helper()
	p, err := idp.New(idp.Config{Clients: []idp.Client{{ID: "c", Alg: "ES256"}}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(p)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return s.URL, caFile
}

func TestCertificates(t *testing.T) {
	issuer, caFile := tlsProvider(t)
	try := func(issuer, caFile string) error {
		t.Helper()
		h, err := oidc.NewHTTPClient(caFile)
		if err != nil {
			t.Fatal(err)
		}
		defer h.CloseIdleConnections()
		_, err = (&oidc.Client{HTTP: h}).Discover(t.Context(), auth.Tool{Issuer: issuer})
		return err
	}
	if err := try(issuer, caFile); err != nil {
		t.Errorf("an authority of the settings: %v", err)
	}
	wantError(t, try(issuer, ""), auth.KindTransient, auth.CodeTLS)
	// The certificate is for 127.0.0.1 and example.com.
	wantError(t, try("https://localhost"+issuer[len("https://127.0.0.1"):], caFile), auth.KindTransient, auth.CodeTLSName)
}

func TestCAFile(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{empty, dir, filepath.Join(dir, "missing.pem")} {
		_, err := oidc.NewHTTPClient(file)
		wantError(t, err, auth.KindSetup, "bad_ca_file")
	}
}

func TestHTTPClientLimits(t *testing.T) {
	h, err := oidc.NewHTTPClient("")
	if err != nil {
		t.Fatal(err)
	}
	defer h.CloseIdleConnections()
	if h.Timeout != 15*time.Second {
		t.Errorf("a try takes %v", h.Timeout)
	}
	f := authtest.NewFaults(http.NotFoundHandler())
	origin := authtest.Serve(t, f)
	get := func(path string) (*http.Response, int, error) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := h.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		return resp, len(b), err
	}
	exact := make([]byte, oidc.MaxBody)
	f.Set("/exact", authtest.Answer(200, string(exact)))
	f.Set("/over", authtest.Answer(200, string(append(exact, 'x'))))
	f.Set("/away", authtest.Redirect(302, "/exact"))
	if _, n, err := get("/exact"); err != nil || n != oidc.MaxBody {
		t.Errorf("%d bytes, %v", n, err)
	}
	if _, n, err := get("/over"); err == nil || n != oidc.MaxBody {
		t.Errorf("%d bytes, %v", n, err)
	}
	if resp, _, err := get("/away"); err != nil || resp.StatusCode != 302 {
		t.Errorf("%v, %v", resp, err)
	}
}

func TestNetworkErrors(t *testing.T) {
	r := newRig(t)
	t.Run("no answer", func(t *testing.T) {
		r.client.HTTP.Timeout = 50 * time.Millisecond
		r.faults.Set(discoveryPath, authtest.Hang)
		_, err := r.client.Discover(t.Context(), r.tool)
		wantError(t, err, auth.KindTransient, "timeout")
	})
	t.Run("no answer at the token endpoint", func(t *testing.T) {
		r := newRig(t)
		old := r.signIn()
		r.client = r.newClient()
		r.client.HTTP.Timeout = 100 * time.Millisecond // for the answer that does not come
		for err := r.client.Warm(t.Context(), r.tool); err != nil; err = r.client.Warm(t.Context(), r.tool) {
			wantError(t, err, auth.KindTransient, "timeout") // a busy machine took longer for the others
		}
		r.faults.Set("/token", authtest.Hang)
		_, err := r.client.Refresh(t.Context(), r.tool, old)
		wantError(t, err, auth.KindTransient, "timeout", old.Refresh)
	})
	t.Run("nobody there", func(t *testing.T) {
		s := httptest.NewServer(http.NotFoundHandler())
		s.Close()
		_, err := r.newClient().Discover(t.Context(), auth.Tool{Issuer: s.URL})
		wantError(t, err, auth.KindTransient, "unreachable")
	})
	t.Run("no such name", func(t *testing.T) {
		_, err := r.newClient().Discover(t.Context(), auth.Tool{Issuer: "https://keyfob.invalid"})
		if auth.KindOf(err) != auth.KindTransient {
			t.Errorf("got %v", err)
		}
		var e *auth.Error
		if !errors.As(err, &e) || e.Code != "dns" && e.Code != "timeout" && e.Code != "unreachable" && e.Code != "network" {
			t.Errorf("got %v", err)
		}
	})
}
