// Package oidc speaks with one OpenID provider: discovery, the authorization
// request and its answer, code exchange, refresh, ID token verification and
// sign-out.
//
// It owns every rule about what a provider may answer, on top of go-oidc and
// x/oauth2 where those are more lenient than the standards allow. It must
// never open a browser, listen, store anything outside its own memory, follow
// a redirect, or send a code or a refresh token twice.
package oidc

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"keyfob/auth"
)

// How long what the provider publishes is kept.
const (
	documentTTL  = 24 * time.Hour  // metadata and keys
	keyMissPause = 1 * time.Minute // between two fetches of the keys because of an unknown one
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

// issuer is what is kept of one provider.
type issuer struct {
	metadata document[*Metadata]
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
// kept. Tools share it that mean the same provider in all points.
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
		i = &issuer{metadata: newDocument[*Metadata](), keys: keySet{document: newDocument[[]key]()}}
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

// Warm fetches the tool's metadata and keys unless they are kept already, and
// leaves the connection open: a sign-in needs one request more after that. Call
// it while the person is in the browser. Its error may be ignored; whoever
// needs the documents asks again.
func (c *Client) Warm(ctx context.Context, tool auth.Tool) error {
	m, err := c.Discover(ctx, tool)
	if err != nil {
		return err
	}
	_, _, _, err = c.issuer(tool).keys.current(ctx, c, m)
	return err
}

// document is something of a provider's that is fetched and kept for a while.
// At most one caller fetches at a time; the others wait, and each may leave
// when its context ends.
type document[T any] struct {
	turn chan struct{} // holds one element while somebody fetches

	mu      sync.Mutex
	value   T
	fetched time.Time // wall clock; zero before the first fetch
	version int       // counts fetches
}

func newDocument[T any]() document[T] { return document[T]{turn: make(chan struct{}, 1)} }

// kept returns the value if it was fetched less than documentTTL ago. A clock
// that was set back makes it too old.
func (d *document[T]) kept(now time.Time) (value T, version int, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	age := now.Sub(d.fetched)
	return d.value, d.version, !d.fetched.IsZero() && age >= 0 && age < documentTTL
}

// take waits for the turn to fetch. The caller must call the function returned.
func (d *document[T]) take(ctx context.Context) (release func(), err error) {
	select {
	case d.turn <- struct{}{}:
		return func() { <-d.turn }, nil
	case <-ctx.Done():
		return nil, ended(ctx)
	}
}

func (d *document[T]) keep(value T, now time.Time) (version int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.value, d.fetched = value, now
	d.version++
	return d.version
}

// get returns the kept value, or fetches it. fetched says which.
func (d *document[T]) get(
	ctx context.Context,
	now func() time.Time,
	fetch func(context.Context) (T, error),
) (value T, version int, fetched bool, err error) {
	if v, n, ok := d.kept(now()); ok {
		return v, n, false, nil
	}
	var none T
	release, err := d.take(ctx)
	if err != nil {
		return none, 0, false, err
	}
	defer release()
	if v, n, ok := d.kept(now()); ok {
		return v, n, false, nil
	}
	v, err := fetch(ctx)
	if err != nil {
		return none, 0, false, err
	}
	return v, d.keep(v, now()), true, nil
}
