package oidc_test

import (
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

// behind is a provider that only a proxy leads to: nothing on this machine's
// own loopback is ever asked by way of one.
const behind = "https://idp.example.com"

// environment sets the variables of proxies alone.
func environment(t *testing.T, set map[string]string) {
	t.Helper()
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"} {
		t.Setenv(name, set[name])
	}
}

// TestProxiesThatRefuse has a proxy answer CONNECT, byte for byte, at discovery
// and at a refresh: the proxy is named with what it said, never with the name
// and the password that it gets.
func TestProxiesThatRefuse(t *testing.T) {
	for name, tc := range map[string]struct {
		answer string
		user   string // before the proxy's host
		code   string
		says   []string
	}{
		"wants a password": {
			answer: "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
			code:   "proxy_login", says: []string{
				"wants a name and a password (HTTP status 407 Proxy Authentication Required)", "HTTPS_PROXY",
			},
		},
		"wants another password": {
			answer: "HTTP/1.1 407 Nope\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", user: "annabel:hunter2@",
			code: "proxy_login", says: []string{"does not accept the name and password", "correct them in HTTPS_PROXY"},
		},
		"wants what we cannot": {
			answer: "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: " +
				"NTLM\r\nContent-Length: 0\r\n\r\n",
			code: "proxy_login", says: []string{`a sign-in that Keyfob does not know, "negotiate, ntlm"`},
		},
		"forbids": {
			answer: "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: " +
				"11\r\n\r\n<html>\r\nno!", user: "annabel:hunter2@",
			code: "proxy_denied", says: []string{`does not allow connections to "idp.example.com" (HTTP status 403 Forbidden)`, "NO_PROXY"},
		},
		"finds nobody": {
			answer: "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
			code:   "proxy", says: []string{`could not connect to "idp.example.com" (HTTP status 502 Bad Gateway)`},
		},
		"finds nobody, without a reason": {
			answer: "HTTP/1.0 503\r\n\r\n",
			code:   "proxy", says: []string{`could not connect to "idp.example.com" (HTTP status 503 Service Unavailable)`},
		},
		"hangs up": {code: "network", says: []string{`the connection to "idp.example.com" by way of the proxy`}},
	} {
		t.Run(name, func(t *testing.T) {
			proxy := authtest.Raw(t, tc.answer)
			environment(t, map[string]string{"HTTPS_PROXY": "http://" + tc.user + proxy})
			_, err := real(t, "").Discover(t.Context(), auth.Tool{Issuer: behind})
			for at, err := range map[string]error{"discovery": err, "refresh": refreshAt(t, real(t, ""), behind)} {
				wantError(t, err, auth.KindTransient, tc.code, "hunter2", "refresh-token-of-ada")
				for _, want := range append(tc.says, auth.Quote(proxy)) {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("at %s: %q does not say %q", at, err, want)
					}
				}
			}
		})
	}
}

// TestProxiesThatAreNotThere tells a proxy that cannot be reached from a
// provider that cannot.
func TestProxiesThatAreNotThere(t *testing.T) {
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := l.Addr().String()
	_ = l.Close()
	socks := func(greeting, reply string) string {
		return authtest.Each(t, func(conn net.Conn) {
			for _, answer := range []string{greeting, reply} {
				if _, err := conn.Read(make([]byte, 512)); err != nil || answer == "" {
					return
				}
				_, _ = io.WriteString(conn, answer)
			}
		})
	}
	hangsUp, refuses, lost := socks("", ""), socks("\x05\xff", ""), socks("\x05\x00", "\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00")
	untrusted, _ := authtest.ServeTLS(t, http.NotFoundHandler(), nil, nil)
	for name, tc := range map[string]struct{ proxy, says string }{
		"gone":                   {"http://annabel:hunter2@" + gone, `the proxy "` + gone + `" cannot be reached`},
		"gone, SOCKS":            {"socks5://annabel:hunter2@" + gone, `the proxy "` + gone + `" cannot be reached`},
		"SOCKS hangs up":         {"socks5://" + hangsUp, `the proxy "` + hangsUp + `" did not connect to "idp.example.com"`},
		"SOCKS wants a password": {"socks5h://" + refuses, `did not connect to "idp.example.com" (no acceptable authentication methods)`},
		"SOCKS finds nobody":     {"socks5h://annabel:hunter2@" + lost, `did not connect to "idp.example.com" (host unreachable)`},
		"not trusted":            {untrusted, `could not prove who it is: name the company's certificate authority as ca_file`},
	} {
		t.Run(name, func(t *testing.T) {
			environment(t, map[string]string{"https_proxy": tc.proxy})
			_, err := real(t, "").Discover(t.Context(), auth.Tool{Issuer: behind})
			for _, err := range []error{err, refreshAt(t, real(t, ""), behind)} {
				wantError(t, err, auth.KindTransient, "proxy", "hunter2")
				if !strings.Contains(err.Error(), tc.says) {
					t.Errorf("%q does not say %q", err, tc.says)
				}
			}
		})
	}
}

// TestAProxyWhoseNameIsNotFound is what a laptop meets that left the company's
// network: it is not the issuer that was mistyped.
func TestAProxyWhoseNameIsNotFound(t *testing.T) {
	for _, variable := range []string{"HTTPS_PROXY", "https_proxy"} {
		environment(t, map[string]string{variable: "http://annabel:hunter2@proxy.keyfob.invalid:3128"})
		c := real(t, "")
		oidc.LoseNames(c.HTTP)
		_, err := c.Discover(t.Context(), auth.Tool{Issuer: behind})
		wantError(t, err, auth.KindTransient, "proxy", "hunter2")
		if want := `the name of the proxy "proxy.keyfob.invalid:3128" was not found: connect to the company's network if the proxy is ` +
			`there, or unset ` + variable; !strings.Contains(
			err.Error(),
			want,
		) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	environment(t, nil)
	c := real(t, "")
	oidc.LoseNames(c.HTTP)
	_, err := c.Discover(t.Context(), auth.Tool{Issuer: behind})
	wantError(t, err, auth.KindTransient, "dns")
	if !strings.Contains(err.Error(), `the name "idp.example.com" was not found`) {
		t.Error(err)
	}
}

// TestAProxyThatHangs is told as an answer that did not come in time.
func TestAProxyThatHangs(t *testing.T) {
	hangs := authtest.Each(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	for _, kind := range []string{"http://", "socks5://"} {
		environment(t, map[string]string{"HTTPS_PROXY": kind + hangs})
		c := real(t, "")
		c.HTTP.Timeout = 50 * time.Millisecond
		_, err := c.Discover(t.Context(), auth.Tool{Issuer: behind})
		wantError(t, err, auth.KindTransient, "timeout")
	}
}

// TestProxiesThatCannotBeUsed: a value that names no proxy is an error that
// names the variable, but only where the proxy would be used.
func TestProxiesThatCannotBeUsed(t *testing.T) {
	for value, why := range map[string]string{
		"htp://annabel:hunter2@proxy.example.com:3128":   "begins with neither",
		"ftp://proxy.example.com":                        "begins with neither",
		"socks://proxy.example.com:1080":                 "begins with neither",
		"socks4://proxy.example.com:1080":                "begins with neither",
		"http://annabel:hunter#2@proxy.example.com:3128": "not an address",
		"http://proxy.example.com:port":                  "not an address",
		"http://proxy.example.com:99999":                 "its port is not one",
		"http://":                                        "not an address",
		"http:// proxy.example.com:3128":                 "not an address",
		"proxy example com":                              "not an address",
		":3128":                                          "not an address",
		"%":                                              "not an address",
	} {
		for _, variable := range []string{"HTTPS_PROXY", "https_proxy"} {
			environment(t, map[string]string{variable: value})
			_, err := real(t, "").Discover(t.Context(), auth.Tool{Issuer: behind})
			for _, err := range []error{err, refreshAt(t, real(t, ""), behind)} {
				wantError(t, err, auth.KindSetup, auth.CodeBadProxy, "hunter2", "hunter#2", "annabel")
				if !strings.Contains(err.Error(), variable) || !strings.Contains(err.Error(), why) {
					t.Errorf("%s=%s: %q", variable, value, err)
				}
			}
		}
		// Where it does not count.
		origin, caFile := authtest.ServeTLS(t, metadataOf(behind, nil), nil, nil)
		for name, set := range map[string]map[string]string{
			"loopback": {"HTTPS_PROXY": value}, "for http alone": {"HTTP_PROXY": value}, "NO_PROXY": {
				"HTTPS_PROXY": value,
				"NO_PROXY":    "127.0.0.1,localhost",
			},
		} {
			environment(t, set)
			_, err := real(t, caFile).Discover(t.Context(), auth.Tool{Issuer: origin, ExpectIssuers: []string{behind}})
			if err != nil {
				t.Errorf("%s, %s: %v", value, name, err)
			}
		}
	}
	environment(t, map[string]string{"HTTPS_PROXY": "htp://x", "no_proxy": ".example.com"})
	c := real(t, "")
	oidc.LoseNames(c.HTTP)
	_, err := c.Discover(t.Context(), auth.Tool{Issuer: behind})
	wantError(t, err, auth.KindTransient, "dns")
}

// TestAProxyThatWorks is asked for what it leads to, and for nothing else.
func TestAProxyThatWorks(t *testing.T) {
	origin, caFile := authtest.ServeTLS(
		t,
		metadataOf(behind, nil),
		func(c *x509.Certificate) { c.DNSNames = []string{"idp.example.com"} },
		nil,
	)
	proxy := authtest.Proxy(t, strings.TrimPrefix(origin, "https://"))
	for _, set := range []map[string]string{
		{"HTTPS_PROXY": "http://" + proxy}, {"https_proxy": "http://annabel:hunter2@" + proxy}, {
			"HTTPS_PROXY": proxy,
			"HTTP_PROXY":  "htp://x",
		},
	} {
		environment(t, set)
		m, err := real(t, caFile).Discover(t.Context(), auth.Tool{Issuer: behind})
		if err != nil || m.Issuer != behind {
			t.Errorf("%v: %v", set, err)
		}
		// What the provider behind it proves is still the provider's.
		_, err = real(t, "").Discover(t.Context(), auth.Tool{Issuer: behind})
		wantError(t, err, auth.KindTransient, auth.CodeTLS, "hunter2")
		if !strings.Contains(err.Error(), `"idp.example.com" could not prove who it is`) {
			t.Errorf("%v: %v", set, err)
		}
	}
}
