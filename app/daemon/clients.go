package daemon

import (
	"context"
	"net/http"
	"sync"
	"time"

	"keyfob/auth"
	"keyfob/auth/oidc"
)

// Clients hands out the provider clients, one for each set of certificate
// authorities, so that tools of one provider share its metadata and keys.
type Clients struct {
	now    func() time.Time
	secret func(context.Context, auth.Tool) (auth.Secret, error) // nil when no tool has one
	http   func(caFile string) (*http.Client, error)

	mu sync.Mutex
	of map[string]*making // by CA file
}

// NewClients hands out clients whose tools have their secrets from secret, which
// is nil where none has one.
func NewClients(now func() time.Time, secret func(context.Context, auth.Tool) (auth.Secret, error)) *Clients {
	return &Clients{now: now, secret: secret, http: oidc.NewHTTPClient}
}

// making is a client that somebody makes, or has made.
type making struct {
	done   chan struct{} // closed when the rest is known
	client *oidc.Client
	err    error
}

// For returns the client of a tool. It makes each client once. A file that takes its time to be read holds up the
// tools that name it, and one that cannot be read is tried again by the next.
func (c *Clients) For(t auth.Tool) (*oidc.Client, error) {
	c.mu.Lock()
	m, found := c.of[t.CAFile]
	if !found {
		if c.of == nil {
			c.of = map[string]*making{}
		}
		m = &making{done: make(chan struct{})}
		c.of[t.CAFile] = m
	}
	c.mu.Unlock()
	if found {
		<-m.done
		return m.client, m.err
	}
	hc, err := c.http(t.CAFile)
	if m.err = err; err == nil {
		m.client = &oidc.Client{HTTP: hc, Now: c.now, Secret: c.secret}
	} else {
		c.mu.Lock()
		delete(c.of, t.CAFile)
		c.mu.Unlock()
	}
	close(m.done)
	return m.client, m.err
}
