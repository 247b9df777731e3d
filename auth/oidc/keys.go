package oidc

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"keyfob/auth"
)

// keyMissPause is the least time between two fetches of the keys because of an
// unknown one.
const keyMissPause = time.Minute

// keySet is a provider's keys. go-oidc's own key set fetches them again for
// every token with an unknown key, follows redirects and tries all keys where
// the token names none; this one does none of that.
type keySet struct {
	cache cache[[]key]

	missAt time.Time // when an unknown key last made us fetch; whoever holds the cache's lock owns it
}

// current returns the cached keys, or fetches them: fetched says which.
func (k *keySet) current(ctx context.Context, c *Client, m *Metadata) (keys edition[[]key], fetched bool, err error) {
	return k.cache.get(ctx, c.now, func(ctx context.Context) ([]key, error) { return c.fetchKeys(ctx, m) })
}

// newer returns keys that were fetched after old, or nil if they were fetched
// for such a reason less than keyMissPause ago. A provider may begin to sign
// with a new key at any time (OpenID Connect Core 1.0 section 10.1.1), and
// anybody may make up key names.
func (k *keySet) newer(ctx context.Context, c *Client, m *Metadata, old edition[[]key]) ([]key, error) {
	unlock, err := k.cache.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer unlock()
	now := c.now()
	if e, ok := k.cache.current(now); ok && e.number > old.number {
		return e.value, nil
	}
	// A fetch that failed does not count: an outage must not make the next good
	// token look forged.
	if age := now.Sub(k.missAt); age >= 0 && age < keyMissPause {
		return nil, nil
	}
	keys, err := c.fetchKeys(ctx, m)
	if err != nil {
		return nil, err
	}
	k.missAt = now
	k.cache.put(keys, c.now())
	return keys, nil
}

// fetchKeys gets the provider's key set.
func (c *Client) fetchKeys(ctx context.Context, m *Metadata) ([]key, error) {
	r, err := c.get(ctx, m.JWKSURI)
	if err != nil {
		return nil, err
	}
	set, err := r.document(m.JWKSURI, c.now())
	if err != nil {
		return nil, err
	}
	all, err := ReadKeys(set)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(m.Issuer, auth.TenantID) {
		for i := range all.keys {
			all.keys[i].issuer = "" // a member that only Microsoft's providers give a meaning
		}
	}
	return all.keys, nil
}

// verifier checks the signature of one JWT.
type verifier struct {
	client   *Client
	metadata *Metadata
	keys     *keySet
	tenant   string // which the token claims to be of; empty at most providers
	issuer   string // which the token must have
}

// verify returns what the JWT says, once its signature was found good.
func (v *verifier) verify(ctx context.Context, jwt string) ([]byte, error) {
	algs := make([]jose.SignatureAlgorithm, len(v.metadata.Algs))
	for i, a := range v.metadata.Algs {
		algs[i] = jose.SignatureAlgorithm(a)
	}
	jws, err := jose.ParseSignedCompact(jwt, algs)
	var unsafe *jose.ErrUnexpectedSignatureAlgorithm
	switch {
	case errors.As(err, &unsafe):
		return nil, badToken(auth.CodeIDTokenAlgorithm, "is not signed in a way that is safe", err)
	case err != nil:
		return nil, badToken(auth.CodeIDTokenMalformed, "is not one that can be read", err)
	}
	keys, fetched, err := v.keys.current(ctx, v.client, v.metadata)
	if err != nil {
		return nil, err
	}
	meant, several := v.meant(keys.value, jws.Signatures[0].Header)
	if several {
		// OpenID Connect Core 1.0 section 10.1.
		return nil, badToken(auth.CodeIDTokenKid, "names no key while the provider has several", nil)
	}
	if payload := try(jws, meant); payload != nil {
		return payload, nil
	}
	if !fetched {
		newer, err := v.keys.newer(ctx, v.client, v.metadata, keys)
		if err != nil {
			return nil, err
		}
		if meant, several = v.meant(newer, jws.Signatures[0].Header); !several {
			if payload := try(jws, meant); payload != nil {
				return payload, nil
			}
		}
	}
	return nil, badToken(auth.CodeIDTokenSignature, "is not signed by the provider", nil)
}

// meant returns the keys that a token with this header may be signed with.
// several says that it names none and more than one would do: the standard
// wants a name then, and none is tried out.
func (v *verifier) meant(keys []key, header jose.Header) (meant []key, several bool) {
	for _, k := range keys {
		if k.serves(v.issuer, v.tenant) && k.signs(header.Algorithm) && (header.KeyID == "" || k.KeyID == header.KeyID) {
			meant = append(meant, k)
		}
	}
	return meant, header.KeyID == "" && len(meant) > 1
}

// try returns the payload if one of the keys signed it.
func try(jws *jose.JSONWebSignature, keys []key) []byte {
	for _, k := range keys {
		if payload, err := jws.Verify(k.Key); err == nil {
			return payload
		}
	}
	return nil
}

// badToken is the error for an ID token that was refused.
func badToken(code, what string, err error) *auth.Error {
	return refused(code, "the provider's ID token "+what, "try again, and tell the provider's administrator if it stays", err)
}
