package oidc

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
)

// network is the real network. Of what goes wrong there it says more than
// net/http does: by way of which proxy, and what the other side wanted.
type network struct {
	base    *http.Transport
	proxies proxies
}

// RoundTrip implements [http.RoundTripper].
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	asked := new(atomic.Bool)
	resp, err := n.base.RoundTrip(req.WithContext(context.WithValue(req.Context(), wantedKey{}, asked)))
	failed := err != nil || resp.StatusCode == http.StatusBadRequest
	if failed && req.Method == http.MethodGet && req.URL.Scheme == "http" && speaksTLS(req.Context(), req.URL) {
		if err == nil {
			_ = resp.Body.Close()
		}
		return nil, errNeedsHTTPS
	}
	if err == nil && asked.Load() && resp.StatusCode == http.StatusBadRequest && isPage(resp.Header) {
		_ = resp.Body.Close() // nginx says on a page what it misses
		return nil, &wantedCertificate{errors.New("a page where a certificate was missed")}
	}
	if err == nil {
		return resp, nil
	}
	if t := net.Error(nil); asked.Load() && req.Context().Err() == nil && (!errors.As(err, &t) || !t.Timeout()) {
		err = &wantedCertificate{err}
	}
	if u, e := n.proxies.find(req.URL); e == nil && u != nil {
		err = &viaProxy{proxy: u.Host, variable: n.proxies.variables[req.URL.Scheme], signedIn: u.User != nil, err: err}
	}
	return nil, err
}

// CloseIdleConnections is for [http.Client.CloseIdleConnections].
func (n *network) CloseIdleConnections() { n.base.CloseIdleConnections() }

// errNeedsHTTPS is why a request in plain http fails at a port that speaks TLS.
// Some servers say so on a page, others send an alert or hang up.
var errNeedsHTTPS = errors.New("there is TLS at an http address")

// speaksTLS asks who answers at u, which is on this machine's loopback: plain
// http is sent nowhere else.
func speaksTLS(ctx context.Context, u *url.URL) bool {
	d := &tls.Dialer{NetDialer: &net.Dialer{Timeout: dialTimeout}}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "80")))
	if err == nil {
		_ = conn.Close()
	}
	untrusted := (*tls.CertificateVerificationError)(nil)
	return err == nil || errors.As(err, &untrusted)
}

// wantedCertificate is the error of a connection that ended at once after the
// server had asked for a certificate of the client. TLS ends it with an alert
// that may mean many things, and that a client which still writes never sees.
type wantedCertificate struct{ err error }

func (w *wantedCertificate) Error() string { return w.err.Error() }
func (w *wantedCertificate) Unwrap() error { return w.err }

// wantedKey finds, in the context of a request, where a server's wish for a
// certificate of the client is noted.
type wantedKey struct{}

// wantsCertificate is for [tls.Config.GetClientCertificate]: there is none.
func wantsCertificate(wish *tls.CertificateRequestInfo) (*tls.Certificate, error) {
	if asked, ok := wish.Context().Value(wantedKey{}).(*atomic.Bool); ok {
		asked.Store(true)
	}
	return new(tls.Certificate), nil
}
