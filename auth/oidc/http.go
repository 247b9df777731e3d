package oidc

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"keyfob/auth"
	"keyfob/auth/plainfile"
)

// Limits on every exchange with a provider.
const (
	MaxBody    = 1 << 20          // bytes of an answer, unpacked
	TryTimeout = 15 * time.Second // from the dialling to the answer's last byte

	// dialTimeout is short enough that a network which comes back is not waited
	// for longer than needed, and ends after a repetition of the greeting, which
	// systems send after 1, 3 and 7 seconds.
	dialTimeout = 8 * time.Second
)

// errTooBig is what reading more than MaxBody ends with.
var errTooBig = errors.New("the answer is too big")

// NewHTTPClient returns a client for talking to providers: TryTimeout a try,
// TLS 1.2 at least, the proxy of the environment, no redirects (the redirect
// itself is the answer), and answers of at most MaxBody bytes. caFile names a
// PEM file of certificate authorities that are trusted beside the system's, or
// is empty. A file that cannot be used is a KindSetup error.
func NewHTTPClient(caFile string) (*http.Client, error) {
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pem, err := plainfile.Read(caFile, MaxBody)
		if err != nil {
			return nil, badCA(caFile, "cannot be read ("+plainfile.Why(err)+")", err)
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool() // a system without certificates of its own
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, badCA(caFile, "holds no certificate", nil)
		}
		conf.RootCAs = pool
	}
	conf.GetClientCertificate = wantsCertificate
	from := readProxies(os.Getenv)
	t := &http.Transport{
		Proxy:                  func(req *http.Request) (*url.URL, error) { return from.find(req.URL) },
		OnProxyConnectResponse: proxyAnswered,
		DialContext:            dial,
		TLSClientConfig:        conf,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
	return limit(&http.Client{Transport: &network{t, from}, Timeout: TryTimeout}), nil
}

// dial connects in such a way that what was not delivered by the time the
// connection is given up never is. Otherwise the system goes on trying: a
// provider would get a refresh token when the network is back, spend it, and
// take the next try for theft.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext(ctx, network, address)
	if c, ok := conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0)
	}
	return conn, err
}

func badCA(file, why string, err error) error {
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeBadCAFile, Who: auth.WhoSetup, Err: err,
		What: "the file of certificate authorities " + auth.Quote(file) + " " + why,
		Do:   "give a PEM file of certificates as ca_file",
	}
}

// limit returns a client like h that follows no redirect and reads no more than
// MaxBody bytes of an answer.
func limit(h *http.Client) *http.Client {
	l := *h
	if l.Timeout == 0 {
		l.Timeout = TryTimeout
	}
	l.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if _, ok := l.Transport.(*limited); !ok {
		base := l.Transport
		if base == nil {
			base = http.DefaultTransport
		}
		l.Transport = &limited{base}
	}
	return &l
}

// limited is a transport whose answers end with errTooBig after MaxBody bytes.
// It sits above the unpacking of gzip, so that it counts what comes out.
type limited struct{ base http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (l *limited) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.base.RoundTrip(req)
	if err == nil {
		resp.Body = &limitedBody{body: resp.Body, left: MaxBody}
	}
	return resp, err
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] through.
func (l *limited) CloseIdleConnections() {
	if c, ok := l.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

type limitedBody struct {
	body io.ReadCloser
	left int64
}

// Read implements [io.Reader].
func (b *limitedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), errTooBig
	}
	b.left -= int64(n)
	return n, err
}

// Close implements [io.Closer].
func (b *limitedBody) Close() error { return b.body.Close() }

// reply is an answer that has been read whole.
type reply struct {
	host   string
	status int
	header http.Header
	body   []byte
	clock  clockReading
	tls    *tls.ConnectionState // nil for plain http
}

// read reads resp, which came from host to a request that was sent at asked. A
// byte-order mark before the body, which no JSON text has (RFC 8259 section
// 8.1), is skipped.
func (c *Client) read(resp *http.Response, host string, asked time.Time) (reply, error) {
	clock := readClock(resp.Header, asked, c.now())
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	return reply{host: host, status: resp.StatusCode, header: resp.Header, body: bytes.TrimPrefix(body, byteOrderMark()), clock: clock}, err
}

func byteOrderMark() []byte { return []byte("\xef\xbb\xbf") }

// send sends req and reads the answer. Its errors are network errors only.
func (c *Client) send(ctx context.Context, req *http.Request) (reply, error) {
	h, err := c.client()
	if err != nil {
		return reply{}, err
	}
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	asked := c.now()
	resp, err := h.Do(req.WithContext(ctx))
	if err != nil {
		return reply{}, c.netError(ctx, req.URL.Host, err)
	}
	r, err := c.read(resp, req.URL.Host, asked)
	if err != nil {
		return reply{}, c.netError(ctx, req.URL.Host, err)
	}
	r.tls = resp.TLS
	return r, nil
}

// get gets what is at address, whatever its status.
func (c *Client) get(ctx context.Context, address string) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return reply{}, &auth.Error{
			Kind: auth.KindSetup,
			Code: auth.CodeBadURL,
			What: "the address " + auth.Quote(address) + " is not a URL",
			Who:  auth.WhoSetup,
			Err:  err,
		}
	}
	return c.send(ctx, req)
}

// document reads r, which came from address, as a JSON object.
func (r reply) document(address string, now time.Time) (Object, error) {
	if err := r.mustBeThere(address, now); err != nil {
		return nil, err
	}
	o, err := readObject(r.body)
	if err != nil {
		return nil, r.notJSON(err)
	}
	return o, nil
}

// mustBeThere returns an error unless the document at address was answered.
func (r reply) mustBeThere(address string, now time.Time) error {
	switch {
	case r.status == http.StatusOK:
		return nil
	case passing(r.status):
		return r.statusError(now)
	}
	return &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeNotFound, Who: auth.WhoSetup,
		What: "there is no OpenID provider at " + auth.Quote(address) + " (" + r.statusText() + ")",
		Do:   "check the issuer in the settings",
	}
}
