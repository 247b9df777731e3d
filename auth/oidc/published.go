package oidc

import (
	"context"
	"net/http"
	"time"

	"keyfob/auth/weburl"
)

// Published is a JSON document of a provider's as it came, for a person who
// wants to know what the provider is like. Nothing in it is checked.
type Published struct {
	Address  string // where it was; behind a slash that was not asked for, it may be
	Document Object
	TLS      uint16        // version, as crypto/tls names them; 0 for plain http
	Ahead    time.Duration // how far this computer's clock is ahead of the provider's, to about a second
	HasClock bool          // whether the provider said
}

// Fetch gets the document at address without caching or judging it.
//
// Errors: KindTransient when the provider cannot be reached, answers with a page
// or proves not who it is (Code "tls"), KindSetup when the document is not there,
// KindProtocol when it is no JSON object.
func (c *Client) Fetch(ctx context.Context, address string) (Published, error) {
	if _, err := weburl.Secure(address); err != nil {
		return Published{}, err
	}
	r, err := c.get(ctx, address)
	if err != nil {
		return Published{}, err
	}
	if r.addsSlash(address) {
		return c.Fetch(ctx, address+"/")
	}
	p := r.published(address)
	if p.Document, err = r.document(address, c.now()); err != nil {
		return Published{}, err
	}
	return p, nil
}

// Reach asks whether anybody answers at address, which takes other requests than
// this one: any answer will do that is not of an outage. The errors are those of
// Fetch, without that for an answer that is no document.
func (c *Client) Reach(ctx context.Context, address string) (Published, error) {
	if _, err := weburl.Secure(address); err != nil {
		return Published{}, err
	}
	r, err := c.get(ctx, address)
	if err != nil {
		return Published{}, err
	}
	if r.status >= http.StatusInternalServerError {
		return Published{}, r.statusError(c.now())
	}
	return r.published(address), nil
}

func (r reply) published(address string) Published {
	p := Published{Address: address, Ahead: r.clock.ahead, HasClock: r.clock.known}
	if r.tls != nil {
		p.TLS = r.tls.Version
	}
	return p
}
