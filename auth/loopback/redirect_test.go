package loopback_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/loopback"
)

func TestRedirectAddresses(t *testing.T) {
	tests := []struct {
		redirect string
		ports    []int
		uri      string // with PORT; empty for refused
	}{
		{"http://127.0.0.1/callback", nil, "http://127.0.0.1:PORT/callback"},
		{"http://127.0.0.1", nil, "http://127.0.0.1:PORT"},
		{"http://127.0.0.1/", nil, "http://127.0.0.1:PORT/"},
		{"http://127.0.0.1/a%20b/c", nil, "http://127.0.0.1:PORT/a%20b/c"},
		{"http://localhost/cb", nil, "http://localhost:PORT/cb"},
		{"https://127.0.0.1/cb", nil, ""},
		{"http://192.0.2.1/cb", nil, ""},
		{"http://0.0.0.0/cb", nil, ""},
		{"http://127.0.0.2/cb", nil, ""},
		{"http://[::]/cb", nil, ""},
		{"http://localhost.evil.test/cb", nil, ""},
		{"http://127.0.0.1@evil.test/cb", nil, ""},
		{"http://127.0.0.1/cb?x=1", nil, ""},
		{"http://127.0.0.1/cb?", nil, ""},
		{"http://127.0.0.1/cb#x", nil, ""},
		{"http://127.0.0.1:/cb", nil, ""},
		{"http://127.0.0.1:0/cb", nil, ""},
		{"http://127.0.0.1:4000/cb", []int{4001}, ""},
		{"http://127.0.0.1/cb", []int{0}, ""},
		{"http://127.0.0.1/cb", []int{70000}, ""},
		{"", nil, ""},
		{"::", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.redirect, func(t *testing.T) {
			l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: tt.redirect, Ports: tt.ports})
			if tt.uri == "" {
				if auth.KindOf(err) != auth.KindSetup {
					t.Fatalf("err = %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			u, err := url.Parse(l.RedirectURI())
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Replace(tt.uri, "PORT", u.Port(), 1); l.RedirectURI() != want || u.Port() == "" {
				t.Errorf("redirect URI %q, want %q", l.RedirectURI(), want)
			}
			got := make(chan result, 1)
			go func() {
				cb, err := l.Wait(t.Context(), state)
				got <- result{cb, err}
			}()
			finish(t, l, got)
		})
	}
}

func TestPortsInOrder(t *testing.T) {
	busy, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	taken := busy.Addr().(*net.TCPAddr).Port
	free := freePort(t)

	l, err := loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/cb", Ports: []int{taken, free}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if want := fmt.Sprintf("http://127.0.0.1:%d/cb", free); l.RedirectURI() != want {
		t.Errorf("redirect URI %q, want %q", l.RedirectURI(), want)
	}

	_, err = loopback.Listen(t.Context(), loopback.Options{Redirect: "http://127.0.0.1/cb", Ports: []int{taken, free}})
	var e *auth.Error
	if !errors.As(err, &e) || e.Code != "ports_busy" || !strings.Contains(e.What, fmt.Sprintf("%d, %d", taken, free)) {
		t.Errorf("err = %v", err)
	}
	_, err = loopback.Listen(t.Context(), loopback.Options{Redirect: fmt.Sprintf("http://127.0.0.1:%d/cb", taken)})
	if !errors.As(err, &e) || e.Code != "ports_busy" {
		t.Errorf("a taken port in the redirect address: err = %v", err)
	}
}

// With localhost, somebody who holds the port on [::1] would get the browser's
// answer: such a port is not used.
func TestLocalhostNeedsBothAddresses(t *testing.T) {
	other, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		authtest.NotHere(t, "there is no IPv6 loopback: %v", err)
	}
	defer other.Close()
	held := other.Addr().(*net.TCPAddr).Port
	_, err = loopback.Listen(t.Context(), loopback.Options{Redirect: "http://localhost/cb", Ports: []int{held}})
	var e *auth.Error
	if !errors.As(err, &e) || e.Code != "ports_busy" {
		t.Errorf("err = %v", err)
	}
	// The IPv4 half of that attempt is closed again.
	again, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", held))
	if err != nil {
		t.Errorf("the port is left open: %v", err)
	} else {
		_ = again.Close()
	}

	l, got := listen(t, "http://localhost/cb")
	u, _ := url.Parse(l.RedirectURI())
	if status, _, _ := do(
		t, http.MethodGet, "http://[::1]:"+u.Port()+"/cb?state=x", "localhost:"+u.Port(), nil,
	); status != http.StatusBadRequest {
		t.Errorf("over IPv6: status %d", status)
	}
	if status, _, _ := do(
		t, http.MethodGet, "http://127.0.0.1:"+u.Port()+"/cb?state=x", "localhost:"+u.Port(), nil,
	); status != http.StatusBadRequest {
		t.Errorf("over IPv4: status %d", status)
	}
	finish(t, l, got)
}

func host(t *testing.T, l *loopback.Listener) string {
	t.Helper()
	u, err := url.Parse(l.RedirectURI())
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
