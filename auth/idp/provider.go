// Package idp is a small OpenID provider on loopback: the demo's identity
// provider, and the one that tests sign in to.
//
// It implements the authorization code flow with PKCE, refresh token rotation
// with reuse detection, introspection, revocation and sign-out, and it keeps
// everything in memory. It must never listen or answer anywhere but on this
// machine's loopback interface: its accounts come from its caller, not from a
// directory, and plain http is all it speaks.
package idp

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// Lifetimes of a client that names none.
const (
	DefaultAccessTTL  = 5 * time.Minute
	DefaultRefreshTTL = 30 * 24 * time.Hour
)

// The provider's own limits.
const (
	codeTTL    = time.Minute     // RFC 6749 section 4.1.2 allows ten at most
	pendingTTL = 5 * time.Minute // how long a sign-in page stays usable
	idTokenTTL = 5 * time.Minute
	maxBody    = 64 << 10
	maxPending = 1000 // sign-in pages open at once
)

// Client is a registered client. Any loopback redirect URI is its redirect
// URI, whatever the port (RFC 8252 section 7.3).
type Client struct {
	ID         string
	Secret     auth.Secret   // empty for a public client
	Refresh    bool          // gives refresh tokens
	AccessTTL  time.Duration // zero means DefaultAccessTTL
	RefreshTTL time.Duration // counts from the sign-in; when set, the token answer announces what is left of it
	Alg        string        // signs the ID tokens: RS256 when empty, else one of RS, ES, PS with 256, 384 or 512
}

// Config is what a provider is made of.
type Config struct {
	Clients []Client
	Users   map[string]auth.Secret // name to password
	Now     func() time.Time       // nil means time.Now
	RSA     *rsa.PrivateKey        // signs RS and PS; nil means a new one
}

// Provider is a running provider. It is an [http.Handler] whose issuer is the
// loopback origin that a request came to, so that a test may serve it through
// a listener of its own. It is safe for concurrent use.
type Provider struct {
	clients map[string]*Client
	users   map[string]auth.Secret
	now     func() time.Time
	mux     *http.ServeMux
	keys    keyring

	mu    sync.Mutex
	seen  map[string]int
	state state
}

// New returns a provider for cfg. It fails on a client without an ID, two of
// the same ID, an algorithm that is not supported, and a user without a name.
func New(cfg Config) (*Provider, error) {
	p := &Provider{
		clients: make(map[string]*Client, len(cfg.Clients)),
		users:   make(map[string]auth.Secret, len(cfg.Users)),
		now:     cfg.Now,
		seen:    make(map[string]int),
		state:   newState(),
		keys:    keyring{rsa: cfg.RSA},
	}
	if p.now == nil {
		p.now = time.Now
	}
	for _, c := range cfg.Clients {
		if c.Alg == "" {
			c.Alg = "RS256"
		}
		if c.AccessTTL <= 0 {
			c.AccessTTL = DefaultAccessTTL
		}
		switch {
		case c.ID == "":
			return nil, errors.New("a client has no ID")
		case p.clients[c.ID] != nil:
			return nil, fmt.Errorf("the client %s is there twice", auth.Quote(c.ID))
		case !slices.Contains(algs, c.Alg):
			return nil, fmt.Errorf("the client %s asks for the algorithm %s, which is not supported", auth.Quote(c.ID), auth.Quote(c.Alg))
		}
		p.clients[c.ID] = &c
	}
	for name, password := range cfg.Users {
		if name == "" {
			return nil, errors.New("a user has no name")
		}
		p.users[name] = password
	}
	p.mux = http.NewServeMux()
	p.routes()
	return p, nil
}

func (p *Provider) routes() {
	p.mux.HandleFunc("GET /{$}", p.home)
	p.mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	p.mux.HandleFunc("GET /jwks", p.jwks)
	p.mux.HandleFunc("GET /authorize", p.authorize)
	p.mux.HandleFunc("POST /authorize", p.authorize)
	p.mux.HandleFunc("POST /signin", p.signIn)
	p.mux.HandleFunc("POST /token", p.token)
	p.mux.HandleFunc("GET /userinfo", p.userinfo)
	p.mux.HandleFunc("POST /userinfo", p.userinfo)
	p.mux.HandleFunc("POST /introspect", p.introspect)
	p.mux.HandleFunc("POST /revoke", p.revoke)
	p.mux.HandleFunc("GET /end_session", p.endSession)
	p.mux.HandleFunc("POST /end_session", p.endSession)
	p.mux.HandleFunc("GET /api/hello", p.hello)
}

// Start serves the provider on a free port of 127.0.0.1 until ctx ends, and
// returns its issuer.
func (p *Provider) Start(ctx context.Context) (issuer string, err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("the provider cannot listen on loopback: %w", err)
	}
	srv := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	go func() { _ = srv.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = srv.Close() })
	return "http://" + l.Addr().String(), nil
}

// Count returns how many requests have come for path.
func (p *Provider) Count(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[path]
}

// ServeHTTP implements [http.Handler]. A request whose Host is not loopback is
// refused, so that a web page which points its own name at 127.0.0.1 gets
// nothing.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := p.mux.Handler(r); pattern != "" {
		p.mu.Lock()
		p.seen[r.URL.Path]++
		p.mu.Unlock()
	}
	if !weburl.IsLoopback(&url.URL{Host: r.Host}) {
		http.Error(w, "this provider answers on loopback only", http.StatusForbidden)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	h := w.Header()
	if _, said := h["Date"]; !said {
		h.Set("Date", p.now().UTC().Format(http.TimeFormat)) // what a client compares its own clock with
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	p.mux.ServeHTTP(w, r)
}

// issuerOf is the issuer identifier for whoever sent r.
func issuerOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// loopbackURI parses s as a redirect URI on this machine, or returns nil.
func loopbackURI(s string) *url.URL {
	u, err := weburl.Secure(s)
	if err != nil || u.Scheme != "http" {
		return nil
	}
	if u.Hostname() != "localhost" {
		if _, err := netip.ParseAddr(u.Hostname()); err != nil {
			return nil
		}
	}
	return u
}
