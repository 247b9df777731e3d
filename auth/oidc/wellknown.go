package oidc

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"keyfob/auth"
)

// wellKnown gets the metadata of the provider at place, OpenID Connect
// Discovery 1.0 section 4. A redirect is not followed, but for one that only
// adds a slash: Django's providers have their metadata behind one.
func (c *Client) wellKnown(ctx context.Context, tool auth.Tool, place string) (Object, error) {
	address := strings.TrimSuffix(place, "/") + auth.Discovery
	r, err := c.get(ctx, address)
	if err == nil && r.addsSlash(address) {
		address += "/"
		r, err = c.get(ctx, address)
	}
	if err != nil {
		return nil, err
	}
	c.issuer(tool).noteClock(r.clock)
	return r.document(address, c.now())
}

// addsSlash reports whether r, which came from address, is a redirect from
// where metadata stands to the same with a slash behind it.
func (r reply) addsSlash(address string) bool {
	switch r.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return false
	}
	if !strings.HasSuffix(address, auth.Discovery) {
		return false
	}
	at, err := url.Parse(address)
	if err != nil {
		return false
	}
	to, err := at.Parse(r.header.Get("Location"))
	return err == nil && to.String() == address+"/"
}
