package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	gooidc "github.com/coreos/go-oidc/v3/oidc"

	"keyfob/auth"
)

// Leeway is how far this computer's clock and the provider's may lie apart.
const Leeway = 60 * time.Second

// verify checks an ID token by OpenID Connect Core 1.0 section 3.1.3.7, as of the
// moment at. go-oidc checks signature, algorithm, issuer, audience and times;
// what it leaves out is checked here: sub and iat, a foreign azp or audience
// beside ours, at_hash, which of several keys.
func (c *Client) verify(ctx context.Context, tool auth.Tool, m *Metadata, id, access auth.Secret, at time.Time) (claims, error) {
	if strings.Count(id.Reveal(), ".") != 2 {
		return nil, badToken("malformed", "is not a signed one", nil)
	}
	// Which tenant the token claims to be of is not yet verified here, and the
	// signature covers it.
	claimed, _ := decodeToken(id)
	issuer := m.issuerOf(claimed)
	keys := &verifier{client: c, metadata: m, keys: &c.issuer(tool).keys, tenant: claimed.text("tid"), issuer: issuer}
	token, err := gooidc.NewVerifier(issuer, keys, &gooidc.Config{
		ClientID:             tool.ClientID,
		SupportedSigningAlgs: m.Algs,
		Now:                  func() time.Time { return at.Add(-Leeway) },
	}).Verify(ctx, id.Reveal())
	var expired *gooidc.TokenExpiredError
	switch {
	case keys.err != nil:
		return nil, keys.err
	case keys.payload == nil:
		return nil, badToken("algorithm", "is not signed in a way that is safe", err)
	case errors.As(err, &expired):
		return nil, refused("id_token_expired", "the provider's ID token had already expired when it came", "check this computer's clock", err)
	}
	claims, decodeErr := decode(keys.payload)
	if decodeErr != nil {
		return nil, badToken("malformed", "holds no claims that can be read", decodeErr)
	}
	switch {
	case issuer == "":
		return nil, badToken("tenant", "does not say which tenant it is of", err)
	case err != nil && claims.text("iss") != issuer:
		return nil, badToken("issuer", "comes from another issuer, "+auth.Quote(claims.text("iss")), err)
	case !claims.onlyFor(tool.ClientID):
		return nil, badToken("audience", "is meant for somebody else", err)
	case err != nil:
		return nil, badToken("claims", "holds claims that are not allowed", err)
	case claims.text("sub") == "" || strings.ContainsFunc(claims.text("sub"), unicode.IsControl):
		return nil, badToken("subject", "does not say who signed in", nil)
	case !claims.has("iat"):
		return nil, badToken("issued_at", "does not say when it was issued", nil)
	case claims["azp"] != nil && claims.text("azp") != tool.ClientID:
		return nil, badToken("audience", "was issued to somebody else", nil)
	}
	if claims["at_hash"] != nil {
		if err := token.VerifyAccessToken(access.Reveal()); err != nil {
			return nil, badToken("at_hash", "belongs to another access token", err)
		}
	}
	return claims, nil
}

// onlyFor reports whether the audience is id and nothing else.
func (c claims) onlyFor(id string) bool {
	switch aud := c["aud"].(type) {
	case string:
		return aud == id
	case []any:
		for _, a := range aud {
			if a != id {
				return false
			}
		}
		return len(aud) > 0
	}
	return false
}

// checkFirst holds the ID token of a new sign-in against its request.
func (c claims) checkFirst(req *Request, now time.Time) error {
	if subtle.ConstantTimeCompare([]byte(c.text("nonce")), []byte(req.nonce.Reveal())) != 1 {
		return badToken("nonce", "belongs to another sign-in", nil)
	}
	if asked, ok := req.tool.Params["max_age"]; ok {
		seconds, err := strconv.ParseUint(asked, 10, 31)
		if err != nil {
			return setup("bad_params", "max_age in params is not a number of seconds", "give a number")
		}
		limit := time.Duration(seconds)*time.Second + Leeway
		if at, ok := c.time("auth_time"); !ok || now.Sub(at) > limit {
			return badToken("auth_time", "does not prove a sign-in as recent as was asked", nil)
		}
	}
	return nil
}

// VerifyRefreshed checks the ID token that came with a refresh by OpenID Connect
// Core 1.0 section 12.2 and returns fresh without its mark. old is the set before
// the refresh, which was verified itself. An answer without an ID token is
// accepted, as that section allows, but not where the refresh token came in an
// answer that was not verified: nothing would say whose the new token is.
//
// After an error nothing of fresh but its refresh token may be kept.
func (c *Client) VerifyRefreshed(ctx context.Context, tool auth.Tool, old, fresh auth.Tokens) (auth.Tokens, error) {
	if !fresh.Unverified {
		return fresh, nil
	}
	if err := sameIssuer(tool, old); err != nil {
		return auth.Tokens{}, err
	}
	if fresh.ID != "" {
		m, err := c.Discover(ctx, tool)
		if err != nil {
			return auth.Tokens{}, err
		}
		claims, err := c.verify(ctx, tool, m, fresh.ID, fresh.Access, fresh.IssuedAt)
		if err != nil {
			return auth.Tokens{}, err
		}
		account := claims.account(m.issuerOf(claims))
		if account.Issuer != old.Account.Issuer {
			return auth.Tokens{}, badToken("issuer", "comes from another issuer than the sign-in, "+auth.Quote(account.Issuer), nil)
		}
		if err := claims.checkLater(old); err != nil {
			return auth.Tokens{}, err
		}
		fresh.Account = merge(old.Account, account)
		if at, ok := claims.time("auth_time"); ok {
			fresh.AuthTime = at
		}
	} else if old.RefreshUnproven {
		return auth.Tokens{}, refused("no_id_token", "the provider issued no ID token after one that was not accepted", "sign in again", nil)
	}
	fresh.Unverified, fresh.RefreshUnproven = false, false
	return fresh, nil
}

// checkLater holds a refreshed ID token against the set that was refreshed.
func (c claims) checkLater(old auth.Tokens) error {
	if c.text("sub") != old.Account.Subject {
		return badToken("subject", "is for another person than the one who signed in", nil)
	}
	nonce, then := old.Nonce, old.AuthTime
	if before, err := decodeToken(old.ID); err == nil { // all there is of a set that an older build stored
		if nonce == "" {
			nonce = auth.Secret(before.text("nonce"))
		}
		if at, ok := before.time("auth_time"); ok && then.IsZero() {
			then = at
		}
	}
	if c["nonce"] != nil && nonce != "" && subtle.ConstantTimeCompare([]byte(c.text("nonce")), []byte(nonce.Reveal())) != 1 {
		return badToken("nonce", "belongs to another sign-in", nil)
	}
	// A person who signs in again elsewhere moves it forward at some providers.
	if at, ok := c.time("auth_time"); ok && at.Before(then) {
		return badToken("auth_time", "speaks of an older sign-in", nil)
	}
	return nil
}

// merge fills what a refreshed ID token leaves out from what was known.
func merge(old, fresh auth.Account) auth.Account {
	for _, f := range []struct{ to, from *string }{{&fresh.Name, &old.Name}, {&fresh.Username, &old.Username}, {&fresh.Email, &old.Email}} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	return fresh
}

// time returns a claim that is a NumericDate (RFC 7519 section 2).
func (c claims) time(name string) (time.Time, bool) {
	f, ok := c[name].(float64)
	if !ok || math.Abs(f) > 1e11 {
		return time.Time{}, false
	}
	return time.Unix(int64(f), 0), true
}

func (c claims) has(name string) bool {
	_, ok := c.time(name)
	return ok
}
