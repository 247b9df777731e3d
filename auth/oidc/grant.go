package oidc

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"

	"golang.org/x/oauth2"

	"keyfob/auth"
)

// hangUp closes the connections that nobody uses, so that a request which can be
// sent only once takes a new one. The server may be closing one that has been
// idle since the browser was opened, and the code would be lost with it. One from
// before a sleep, or from before the network was lost, takes the request without
// a word; the system delivers it when the network is back, long after it was
// given up, and the provider spends the refresh token on it.
func (c *Client) hangUp() error {
	h, err := c.client()
	if err == nil {
		h.CloseIdleConnections()
	}
	return err
}

// config is x/oauth2's view of tool. The way of authenticating is always fixed:
// left open, x/oauth2 sends a grant that failed a second time.
func (c *Client) config(ctx context.Context, tool auth.Tool, m *Metadata) (*oauth2.Config, error) {
	conf := &oauth2.Config{
		ClientID: tool.ClientID,
		Endpoint: oauth2.Endpoint{TokenURL: m.TokenEndpoint, AuthStyle: oauth2.AuthStyleInParams},
	}
	switch tool.ClientAuth {
	case auth.ClientAuthNone, "":
		return conf, nil
	case auth.ClientAuthForm:
	case auth.ClientAuthHeader, auth.ClientAuthQuery: // grant moves it into the address
		conf.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	default:
		return nil, setup(
			auth.CodeBadClientAuth,
			"the way of client authentication "+auth.Quote(string(tool.ClientAuth))+" is not supported",
			"use none, form or header as client_auth",
		)
	}
	if c.Secret != nil {
		s, err := c.Secret(ctx, tool)
		if err != nil {
			return nil, err
		}
		conf.ClientSecret = s.Reveal()
	}
	if conf.ClientSecret == "" {
		return nil, setup(
			auth.CodeNoClientSecret,
			"no client secret is stored for "+tool.Name,
			"run `keyfob tools secret "+tool.ID+"` to store it",
		)
	}
	return conf, nil
}

// grant lets x/oauth2 build and send a token request with send, and reads the
// answer itself. x/oauth2 (0.37) would follow a 307 with code and verifier to
// another host, lose a rotated refresh token over an expires_in of 3600.5, take
// an expires_in of 0 for eternity, accept any token type and line breaks in
// tokens, read a form as an answer, and quote the body in its errors.
func (c *Client) grant(
	ctx context.Context,
	m *Metadata,
	tool auth.Tool,
	send func(context.Context) error,
	secrets ...auth.Secret,
) (answer, error) {
	h, err := c.client()
	if err != nil {
		return answer{}, err
	}
	once := &once{client: c, base: h.Transport}
	if tool.ClientAuth == auth.ClientAuthQuery {
		once.base = inAddress{h.Transport}
	}
	err = send(context.WithValue(ctx, oauth2.HTTPClient, &http.Client{Transport: once, Timeout: h.Timeout}))
	switch {
	case once.err != nil:
		// x/oauth2's error knows of a timeout, the transport's of the rest.
		e := c.netError(ctx, once.host, errors.Join(err, once.err))
		if once.wrote.Load() {
			e.Err = errors.Join(ErrNoAnswer, e.Err)
		}
		return answer{}, e
	case !once.sent:
		return answer{}, refused(auth.CodeNotSent, "the token request could not be made", "check the provider's metadata", err)
	}
	c.issuer(tool).noteClock(once.reply.clock)
	if e := once.reply.grantError(c.now(), m.Issuer, tool, secrets); e != nil {
		if s := once.reply.status; s == http.StatusBadGateway || s == http.StatusGatewayTimeout {
			e.Err = errors.Join(ErrNoAnswer, e.Err) // the provider's answer, if any, ended at a gateway
		}
		return answer{}, e
	}
	return once.reply.parse()
}

// once is a transport for one request. It keeps the answer and shows x/oauth2 an
// empty success in its place.
type once struct {
	client *Client
	base   http.RoundTripper
	sent   bool        // it was asked for
	wrote  atomic.Bool // some of it went out
	host   string
	reply  reply
	err    error
}

// RoundTrip implements [http.RoundTripper].
func (o *once) RoundTrip(req *http.Request) (*http.Response, error) {
	if o.sent {
		return nil, errors.New("a token request is sent once")
	}
	o.sent, o.host = true, req.URL.Host
	req = req.Clone(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		WroteHeaders: func() { o.wrote.Store(true) },
	}))
	req.Header.Set("Accept", "application/json")
	asked := o.client.now()
	resp, err := o.base.RoundTrip(req)
	if err == nil {
		o.reply, err = o.client.read(resp, req.URL.Host, asked)
	}
	if err != nil {
		o.err = err
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(strings.NewReader(`{"access_token":"-"}`)),
	}, nil
}
