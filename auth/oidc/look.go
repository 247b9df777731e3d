package oidc

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"keyfob/auth"
)

// Published is a JSON document of a provider's as it came, for a person who
// wants to know what the provider is like. Nothing in it is checked.
type Published struct {
	Address  string // where it was; behind a slash that was not asked for, it may be
	Document map[string]json.RawMessage
	TLS      uint16        // version, as crypto/tls names them; 0 for plain http
	Clock    time.Duration // how far the provider's clock is ahead of ours, to about a second
	HasClock bool          // whether the provider said
}

// Look fetches the document at address without keeping or judging it.
//
// Errors: KindTransient when the provider cannot be reached, answers with a page
// or proves not who it is (Code "tls"), KindSetup when the document is not there,
// KindProtocol when it is no JSON object.
func (c *Client) Look(ctx context.Context, address string) (Published, error) {
	u, err := auth.SecureURL(address)
	if err != nil {
		return Published{}, err
	}
	h, err := c.client()
	if err != nil {
		return Published{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return Published{}, setup("bad_url", "the address "+auth.Quote(address)+" is not a URL", "use an https address")
	}
	req.Header.Set("Accept", "application/json")
	asked := c.now()
	resp, err := h.Do(req)
	if err != nil {
		return Published{}, netError(ctx, u.Host, err)
	}
	answered := c.now()
	r, err := read(resp, u.Host)
	if err != nil {
		return Published{}, netError(ctx, u.Host, err)
	}
	if r.addsSlash(address) {
		return c.Look(ctx, address+"/")
	}
	if err := r.mustBeThere(address, c.now()); err != nil {
		return Published{}, err
	}
	p := Published{Address: address}
	if err := json.Unmarshal(r.body, &p.Document); err != nil || p.Document == nil {
		return Published{}, r.notJSON(err)
	}
	if resp.TLS != nil {
		p.TLS = resp.TLS.Version
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		// The header is cut to whole seconds, and ours was half way between.
		p.Clock = date.Add(time.Second / 2).Sub(asked.Add(answered.Sub(asked) / 2))
		p.HasClock = true
	}
	return p, nil
}
