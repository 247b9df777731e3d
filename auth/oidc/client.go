// Package oidc speaks with one OpenID provider: discovery, the authorization
// request and its answer, code exchange, refresh, ID token verification and
// sign-out, UserInfo and the tokens of service accounts.
//
// It owns every rule about what a provider may answer, on top of go-oidc and
// x/oauth2 where those are more lenient than the standards allow. It must
// never open a browser, listen, store anything outside its own memory, follow
// a redirect (but one that only adds a slash to the metadata's address), or send a code or a refresh token twice.
package oidc

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"keyfob/auth"
)

// Client speaks with providers for any number of tools. Tools that share an
// issuer share what is fetched of it, so one Client should serve all tools
// with the same extra certificate authorities. The zero Client is ready, and
// safe for concurrent use.
type Client struct {
	// HTTP sends the requests; nil means NewHTTPClient(""). Whatever it is, no
	// redirect is followed and no body over MaxBody is read.
	HTTP *http.Client
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Secret returns the client secret of a tool whose ClientAuth asks for one;
	// nil means that there is none.
	Secret func(ctx context.Context, tool auth.Tool) (auth.Secret, error)

	mu      sync.Mutex
	http    *http.Client
	issuers map[string]*issuer
}

// issuer is what is cached of one provider.
type issuer struct {
	metadata cache[*Metadata]
	keys     keySet

	clockMu sync.Mutex
	clock   clockReading // what the last answer that told the time showed
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now().Round(0)
	}
	return time.Now().Round(0)
}

// issuer returns the place where what is fetched of the tool's provider is
// cached. Tools share it that mean the same provider in all points.
func (c *Client) issuer(tool auth.Tool) *issuer {
	e := tool.Endpoints
	id := strings.Join(append([]string{tool.Issuer, e.Authorize, e.Token, e.JWKS, e.EndSession, e.Revocation}, tool.ExpectIssuers...), "\n")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.issuers == nil {
		c.issuers = make(map[string]*issuer)
	}
	i := c.issuers[id]
	if i == nil {
		i = &issuer{metadata: newCache[*Metadata](), keys: keySet{cache: newCache[[]key]()}}
		c.issuers[id] = i
	}
	return i
}

// client returns the HTTP client with this package's limits on it.
func (c *Client) client() (*http.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.http != nil {
		return c.http, nil
	}
	h := c.HTTP
	if h == nil {
		var err error
		if h, err = NewHTTPClient(""); err != nil {
			return nil, err
		}
	}
	c.http = limit(h)
	return c.http, nil
}

// Warm fetches the tool's metadata and keys unless they are cached, and
// leaves the connection open: a sign-in needs one request more after that. Call
// it while the person is in the browser. Its error may be ignored; whoever
// needs the documents asks again.
func (c *Client) Warm(ctx context.Context, tool auth.Tool) error {
	m, err := c.Discover(ctx, tool)
	if err != nil {
		return err
	}
	_, _, err = c.issuer(tool).keys.current(ctx, c, m)
	return err
}
