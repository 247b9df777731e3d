package oidc

import (
	"net/http"
	"net/url"
)

// inAddress is a transport that moves the client's name and secret from the
// Authorization header into the address, for the few providers that take them
// nowhere else. Above it nothing knows that address, so that no error and no
// log of this program can hold it; logs on the way and at the provider will.
type inAddress struct{ base http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t inAddress) RoundTrip(req *http.Request) (*http.Response, error) {
	id, secret, ok := req.BasicAuth()
	if !ok {
		return t.base.RoundTrip(req)
	}
	moved := req.Clone(req.Context())
	moved.Header.Del("Authorization")
	q := moved.URL.Query()
	for name, escaped := range map[string]string{"client_id": id, "client_secret": secret} {
		plain, err := url.QueryUnescape(escaped) // RFC 6749 section 2.3.1 has the header's parts escaped
		if err != nil {
			plain = escaped
		}
		q.Set(name, plain)
	}
	moved.URL.RawQuery = q.Encode()
	resp, err := t.base.RoundTrip(moved)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}
