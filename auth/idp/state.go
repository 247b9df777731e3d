package idp

import (
	"crypto/rand"
	"slices"
	"time"
)

// grant is one sign-in of one person to one client. All tokens that come of it
// point to it, so that ending it ends them all.
type grant struct {
	client   *Client
	user     string
	scopes   []string
	nonce    string
	authTime time.Time
	ends     time.Time // no refresh token outlives this
	revoked  bool
}

// code is an authorization code, good for one use.
type code struct {
	grant     *grant
	redirect  string
	challenge string
	expires   time.Time
	used      bool
}

// token is an access or refresh token. A used refresh token is kept until it
// expires: its second use is the sign of a theft.
type token struct {
	grant   *grant
	issued  time.Time
	expires time.Time
	used    bool
}

// pending is an authorization request that waits for a person.
type pending struct {
	client    *Client
	redirect  string
	mode      string // how the answer goes back; empty is modeQuery
	state     string
	nonce     string
	challenge string
	scopes    []string
	expires   time.Time
	tries     int
}

// state is all that the provider remembers. The provider's mutex guards it.
type state struct {
	pending map[string]*pending
	codes   map[string]*code
	access  map[string]*token
	refresh map[string]*token
	swept   time.Time
}

func newState() state {
	return state{
		pending: make(map[string]*pending),
		codes:   make(map[string]*code),
		access:  make(map[string]*token),
		refresh: make(map[string]*token),
	}
}

// sweep forgets what has expired, at most once a minute.
func (s *state) sweep(now time.Time) {
	if now.Sub(s.swept) < time.Minute {
		return
	}
	s.swept = now
	for k, v := range s.pending {
		if now.After(v.expires) {
			delete(s.pending, k)
		}
	}
	for k, v := range s.codes {
		if now.After(v.expires) {
			delete(s.codes, k)
		}
	}
	for _, m := range []map[string]*token{s.access, s.refresh} {
		for k, v := range m {
			if now.After(v.expires) {
				delete(m, k)
			}
		}
	}
}

// live returns the token that m holds under value, unless it is used, expired
// or of a revoked grant.
func live(m map[string]*token, value string, now time.Time) *token {
	t := m[value]
	if t == nil || t.used || t.grant.revoked || !now.Before(t.expires) {
		return nil
	}
	return t
}

// issued is what one token answer hands out.
type issued struct {
	grant         *grant
	access        string
	accessExpires time.Time
	refresh       string // empty when the client gets none
	scopes        []string
}

// issue makes new tokens for g, with scopes for the access token.
func (s *state) issue(g *grant, scopes []string, now time.Time) issued {
	out := issued{grant: g, access: rand.Text(), accessExpires: now.Add(g.client.AccessTTL), scopes: scopes}
	s.access[out.access] = &token{grant: g, issued: now, expires: out.accessExpires}
	if g.client.Refresh {
		out.refresh = rand.Text() + rand.Text()
		s.refresh[out.refresh] = &token{grant: g, issued: now, expires: g.ends}
	}
	return out
}

// redeem turns an authorization code into tokens. A code that comes a second
// time ends the grant that its first use made (RFC 6749 section 10.5).
func (s *state) redeem(value string, client *Client, redirect string, verified func(challenge string) bool, now time.Time) (issued, bool) {
	c := s.codes[value]
	if c == nil || c.grant.client != client || !now.Before(c.expires) {
		return issued{}, false
	}
	if c.used {
		c.grant.revoked = true
		return issued{}, false
	}
	c.used = true
	if c.redirect != redirect || !verified(c.challenge) {
		return issued{}, false
	}
	return s.issue(c.grant, c.grant.scopes, now), true
}

// rotate turns a refresh token into new tokens. A used one that comes again
// ends the whole grant (RFC 9700 section 4.14.2). scopes narrows the access
// token; nil means all that was granted.
func (s *state) rotate(value string, client *Client, scopes []string, now time.Time) (out issued, ok, scopeOK bool) {
	t := s.refresh[value]
	if t == nil || t.grant.client != client || t.grant.revoked || !now.Before(t.expires) {
		return issued{}, false, true
	}
	if t.used {
		t.grant.revoked = true
		return issued{}, false, true
	}
	if scopes == nil {
		scopes = t.grant.scopes
	}
	for _, sc := range scopes {
		if !slices.Contains(t.grant.scopes, sc) {
			return issued{}, false, false
		}
	}
	t.used = true
	return s.issue(t.grant, scopes, now), true, true
}
