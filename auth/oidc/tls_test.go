package oidc_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
)

// real is a client on the real network.
func real(t *testing.T, caFile string) *oidc.Client {
	t.Helper()
	h, err := oidc.NewHTTPClient(caFile)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.CloseIdleConnections)
	return &oidc.Client{HTTP: h}
}

// refreshAt refreshes tokens at an origin whose endpoints the settings name.
func refreshAt(t *testing.T, c *oidc.Client, origin string) error {
	t.Helper()
	tool := auth.Tool{
		ID: "tool", Issuer: origin, ClientID: "renews", ClientAuth: auth.ClientAuthNone, Scopes: []string{"openid"},
		Endpoints: auth.Endpoints{Authorize: origin + "/authorize", Token: origin + "/token", JWKS: origin + "/jwks"},
	}
	_, err := c.Refresh(t.Context(), tool, auth.Tokens{Refresh: "refresh-token-of-ada", Account: auth.Account{Issuer: origin}})
	return err
}

// TestCertificatesThatProveNothing has each sort of bad certificate told as
// what it is, at discovery and at a refresh. Nothing is ever sent.
func TestCertificatesThatProveNothing(t *testing.T) {
	now := time.Now()
	day := func(at time.Time) string { return at.UTC().Format("2 January 2006") }
	for name, tc := range map[string]struct {
		change func(*x509.Certificate)
		conf   *tls.Config
		host   string // in the address, for 127.0.0.1
		noCA   bool
		code   string
		who    auth.Who
		says   []string
	}{
		"expired": {
			change: func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.AddDate(-1, 0, 0), now.AddDate(0, 0, -3) },
			code:   auth.CodeTLSExpired, who: auth.WhoYou,
			says: []string{"its certificate expired on " + day(now.AddDate(0, 0, -3)), "check this computer's clock"},
		},
		"not yet valid": {
			change: func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.AddDate(0, 0, 3), now.AddDate(1, 0, 0) },
			code:   auth.CodeTLSEarly, who: auth.WhoYou,
			says: []string{"its certificate is not valid before " + day(now.AddDate(0, 0, 3)), "check this computer's clock"},
		},
		"another host's": {
			change: func(c *x509.Certificate) {
				c.DNSNames, c.IPAddresses = []string{"a.example.com", "b.example.com", "c.example.com", "d.example.com"}, nil
			},
			code: auth.CodeTLSName, who: auth.WhoYou,
			says: []string{`is for "a.example.com", "b.example.com", "c.example.com" and others`, "check the address"},
		},
		"another name of the host": {
			change: func(c *x509.Certificate) { c.DNSNames = nil }, host: "localhost",
			code: auth.CodeTLSName, who: auth.WhoYou, says: []string{`is for "127.0.0.1"`},
		},
		"without names": {
			change: func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil },
			code:   auth.CodeTLSNoName, who: auth.WhoAdmin, says: []string{"subject alternative name"},
		},
		"of an unknown authority": {
			noCA: true, code: auth.CodeTLS, who: auth.WhoYou,
			says: []string{"no authority that this computer trusts", "ca_file"},
		},
		"not for servers": {
			change: func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} },
			code:   auth.CodeTLS, who: auth.WhoYou, says: []string{"not in order"},
		},
		"wants ours, TLS 1.3": {
			conf: &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert},
			code: auth.CodeTLSCertificate, who: auth.WhoAdmin, says: []string{"wants to see a certificate of the client"},
		},
		"wants ours, TLS 1.2": {
			conf: &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert},
			code: auth.CodeTLSCertificate, who: auth.WhoAdmin, says: []string{"wants to see a certificate of the client"},
		},
		"wants ours, HTTP/1.1": {
			conf: &tls.Config{MinVersion: tls.VersionTLS13, ClientAuth: tls.RequireAnyClientCert, NextProtos: []string{"http/1.1"}},
			code: auth.CodeTLSCertificate, who: auth.WhoAdmin, says: []string{"wants to see a certificate of the client"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			seen := authtest.NewFaults(http.NotFoundHandler())
			origin, caFile := authtest.ServeTLS(t, seen, tc.change, tc.conf)
			if tc.noCA {
				caFile = ""
			}
			if tc.host != "" {
				origin = strings.Replace(origin, "127.0.0.1", tc.host, 1)
			}
			_, err := real(t, caFile).Discover(t.Context(), auth.Tool{Issuer: origin})
			for at, err := range map[string]error{"discovery": err, "refresh": refreshAt(t, real(t, caFile), origin)} {
				wantError(t, err, auth.KindTransient, tc.code, "refresh-token-of-ada")
				if e := auth.AsError(err); e.Who != tc.who {
					t.Errorf("at %s: to be done by %s, want %s", at, e.Who, tc.who)
				}
				for _, want := range tc.says {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("at %s: %q does not say %q", at, err, want)
					}
				}
			}
			if n := seen.Total(); n > 0 {
				t.Errorf("%d requests were sent all the same", n)
			}
		})
	}
}

// TestAWishForOurCertificateIsNoError: many servers ask and do without.
func TestAWishForOurCertificateIsNoError(t *testing.T) {
	p, err := idp.New(idp.Config{Clients: []idp.Client{{ID: "c", Alg: "ES256"}}})
	if err != nil {
		t.Fatal(err)
	}
	origin, caFile := authtest.ServeTLS(t, p, nil, &tls.Config{MinVersion: tls.VersionTLS12, ClientAuth: tls.RequestClientCert})
	if _, err := real(t, caFile).Discover(t.Context(), auth.Tool{Issuer: origin}); err != nil {
		t.Error(err)
	}
}

// TestACertificateMissedOnAPage: nginx lets the connection come about, and says
// on a page what it missed. An error of OAuth from such a server is no page.
func TestACertificateMissedOnAPage(t *testing.T) {
	conf := func() *tls.Config {
		return &tls.Config{MinVersion: tls.VersionTLS12, ClientAuth: tls.RequestClientCert}
	}
	page := authtest.Answer(400, "<html><h1>400 No required SSL certificate was sent</h1>", "Content-Type", "text/html")
	answers := func(f authtest.Fault) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f(w, r, nil) })
	}
	origin, caFile := authtest.ServeTLS(t, answers(page), nil, conf())
	_, err := real(t, caFile).Discover(t.Context(), auth.Tool{Issuer: origin})
	wantError(t, err, auth.KindTransient, auth.CodeTLSCertificate)
	wantError(t, refreshAt(t, real(t, caFile), origin), auth.KindTransient, auth.CodeTLSCertificate, "refresh-token-of-ada")

	said := authtest.Answer(400, `{"error":"invalid_grant"}`, "Content-Type", "application/json")
	origin, caFile = authtest.ServeTLS(t, answers(said), nil, conf())
	wantError(t, refreshAt(t, real(t, caFile), origin), auth.KindGrant, "invalid_grant", "refresh-token-of-ada")
	// And from one that asks for none, a page is a page.
	origin, caFile = authtest.ServeTLS(t, answers(page), nil, nil)
	_, err = real(t, caFile).Discover(t.Context(), auth.Tool{Issuer: origin})
	wantError(t, err, auth.KindSetup, "not_found")
}

// TestTheWrongProtocol asks in https where plain http is spoken, and the other
// way round.
func TestTheWrongProtocol(t *testing.T) {
	plain := authtest.Serve(t, http.NotFoundHandler())
	other := authtest.Raw(t, "SSH-2.0-OpenSSH_9.2\r\n")
	secure, caFile := authtest.ServeTLS(t, http.NotFoundHandler(), nil, nil)
	alert := alertPort(t)
	for name, tc := range map[string]struct{ origin, code, says string }{
		"https to plain http": {
			"https" + strings.TrimPrefix(plain, "http"), auth.CodePlainHTTP,
			"answered in plain http: check the port",
		},
		"http to https":             {"http" + strings.TrimPrefix(secure, "https"), auth.CodeNeedsHTTPS, "begin the address with https://"},
		"http to another's alert":   {"http://" + alert, auth.CodeNeedsHTTPS, "begin the address with https://"},
		"http to something unknown": {"http://" + other, "network", "broke"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := real(t, caFile).Discover(t.Context(), auth.Tool{Issuer: tc.origin})
			wantError(t, err, auth.KindTransient, tc.code)
			if !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%q does not say %q", err, tc.says)
			}
		})
	}
	wantError(t, refreshAt(t, real(t, caFile), "https"+strings.TrimPrefix(plain, "http")), auth.KindTransient, auth.CodePlainHTTP)
}

// alertPort is a TLS server that answers plain http with an alert, as most do
// that are not written in Go.
func alertPort(t *testing.T) (address string) {
	t.Helper()
	secure, _ := authtest.ServeTLS(t, http.NotFoundHandler(), nil, nil)
	to := strings.TrimPrefix(secure, "https://")
	return authtest.Each(t, func(conn net.Conn) {
		first := make([]byte, 1)
		if n, err := conn.Read(first); n == 0 || err != nil {
			return
		}
		if first[0] != 0x16 { // no handshake
			_, _ = conn.Write([]byte("\x15\x03\x01\x00\x02\x02\x46"))
			return
		}
		authtest.Join(t.Context(), conn, first, to)
	})
}
