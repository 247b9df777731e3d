package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	gooidc "github.com/coreos/go-oidc/v3/oidc"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// Leeway is how far this computer's clock and the provider's may lie apart.
const Leeway = 60 * time.Second

// verify checks an ID token by OpenID Connect Core 1.0 section 3.1.3.7, as of the
// moment at. Every claim is found by its exact name. go-oidc checks issuer,
// audience and at_hash once more; what it leaves out is checked here: sub and
// iat, a foreign azp or audience beside ours, which of several keys.
func (c *Client) verify(ctx context.Context, tool auth.Tool, m *Metadata, id, access auth.Secret, at moment) (claims, error) {
	if len(auth.SplitJWT(id)) != 3 {
		return nil, badToken(auth.CodeIDTokenMalformed, "is not a signed one", nil)
	}
	// Which tenant the token claims to be of is not yet verified here, and the
	// signature covers it.
	says := claimed(id)
	issuer := m.issuerOf(says)
	keys := &verifier{client: c, metadata: m, keys: &c.issuer(tool).keys, tenant: says.text("tid"), issuer: issuer}
	payload, err := keys.verify(ctx, id.Reveal())
	if err != nil {
		return nil, err
	}
	claims, err := decode(payload)
	switch {
	case err != nil:
		return nil, badToken(auth.CodeIDTokenMalformed, "holds no claims that can be read", err)
	case issuer == "":
		return nil, badToken(auth.CodeIDTokenTenant, "does not say which tenant it is of", nil)
	case !provider.IsIssuer(claims.text("iss"), issuer):
		return nil, badToken(auth.CodeIDTokenIssuer, "comes from another issuer, "+auth.Quote(claims.text("iss")), nil)
	}
	if err := claims.checkAudience(tool); err != nil {
		return nil, err
	}
	if sub := claims.text("sub"); sub == "" || strings.ContainsFunc(sub, unicode.IsControl) {
		return nil, badToken(auth.CodeIDTokenSubject, "does not say who signed in", nil)
	}
	if err := claims.checkTimes(at); err != nil {
		return nil, err
	}
	token, err := claims.again(ctx, tool, m, id, issuer)
	if err != nil {
		return nil, badToken(auth.CodeIDTokenClaims, "holds claims that are not allowed", err)
	}
	if claims["at_hash"] != nil {
		if err := token.VerifyAccessToken(access.Reveal()); err != nil {
			return nil, badToken(auth.CodeIDTokenAtHash, "belongs to another access token", err)
		}
	}
	return claims, nil
}

// again has go-oidc look at the claims that it knows, whose signature and times
// were checked. It sees a token of those alone, since encoding/json takes "ISS"
// for "iss" there, and stumbles over types that are nobody's business.
func (c claims) again(ctx context.Context, tool auth.Tool, m *Metadata, id auth.Secret, issuer string) (*gooidc.IDToken, error) {
	exact := claims{}
	for _, name := range []string{"iss", "sub", "aud", "exp", "iat", "at_hash"} {
		if c[name] != nil {
			exact[name] = c[name]
		}
	}
	payload, err := json.Marshal(exact)
	if err != nil {
		return nil, err
	}
	parts := auth.SplitJWT(id)
	parts[1] = base64.RawURLEncoding.EncodeToString(payload)
	conf := &gooidc.Config{ClientID: tool.ClientID, SupportedSigningAlgs: m.Algs, SkipExpiryCheck: true}
	return gooidc.NewVerifier(issuer, verified(payload), conf).Verify(ctx, strings.Join(parts, "."))
}

// verified is a key set for go-oidc that has found the signature good already.
type verified []byte

// VerifySignature implements go-oidc's KeySet.
func (v verified) VerifySignature(context.Context, string) ([]byte, error) { return v, nil }

// checkAudience holds aud and azp against the tool: the token is meant for us,
// for nobody else whom the settings do not trust, and was issued to us. One
// that is meant for several has to say that it was.
func (c claims) checkAudience(tool auth.Tool) error {
	var all []string
	switch aud := c["aud"].(type) {
	case string:
		all = []string{aud}
	case []any:
		for _, a := range aud {
			s, ok := a.(string)
			if !ok {
				return badToken(auth.CodeIDTokenAudience, "holds an audience that is not text", nil)
			}
			all = append(all, s)
		}
	}
	if !slices.Contains(all, tool.ClientID) {
		what := "is meant for somebody else"
		if len(all) > 0 {
			what += ", " + auth.Quote(all[0])
		}
		return badToken(auth.CodeIDTokenAudience, what, nil)
	}
	several := false
	for _, a := range all {
		if a == tool.ClientID {
			continue
		}
		if several = true; !slices.Contains(tool.TrustedAudiences, a) {
			e := badToken(auth.CodeIDTokenAudience, "is also meant for "+auth.Quote(a)+", which the settings do not trust", nil)
			e.Who, e.Do = auth.WhoSetup, "if that belongs to the same provider, add it to trusted_audiences of this tool"
			return e
		}
	}
	switch azp := c.text("azp"); {
	case c["azp"] == nil && several:
		return badToken(auth.CodeIDTokenAzp, "is meant for several and does not say to whom it was issued", nil)
	case c["azp"] != nil && azp != tool.ClientID:
		what := "was issued to somebody else"
		if azp != "" {
			what += ", " + auth.Quote(azp)
		}
		return badToken(auth.CodeIDTokenAudience, what, nil)
	}
	return nil
}

// checkFirst holds the ID token of a new sign-in against its request.
func (c claims) checkFirst(req *Request, at moment) error {
	if subtle.ConstantTimeCompare([]byte(c.text("nonce")), []byte(req.nonce.Reveal())) != 1 {
		return badToken(auth.CodeIDTokenNonce, "belongs to another sign-in", nil)
	}
	if asked, ok := req.tool.Params["max_age"]; ok {
		seconds, err := strconv.ParseUint(asked, 10, 31)
		if err != nil {
			return setup(auth.CodeBadParams, "max_age in params is not a number of seconds", "give a number")
		}
		limit := time.Duration(seconds)*time.Second + Leeway
		signedIn, ok := c.time("auth_time")
		old := func(now time.Time) bool { return now.Sub(signedIn) > limit }
		if ok && old(at.first) && at.clock.ahead > Leeway && !old(at.first.Add(-at.clock.ahead)) {
			return clockError(at.clock.ahead, "the sign-in seems to be older than was asked")
		}
		if !ok || old(at.first) {
			return badToken(auth.CodeIDTokenAuthTime, "does not prove a sign-in as recent as was asked", nil)
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
// After an error nothing of fresh but its refresh token may be kept. With
// [auth.CodeClock] the refresh token can be used again once this computer's clock is
// right.
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
		claims, err := c.verify(ctx, tool, m, fresh.ID, fresh.Access, c.since(tool, fresh.IssuedAt))
		if err != nil {
			return auth.Tokens{}, err
		}
		account := claims.account(m.issuerOf(claims))
		if account.Issuer != old.Account.Issuer {
			return auth.Tokens{}, badToken(
				auth.CodeIDTokenIssuer,
				"comes from another issuer than the sign-in, "+auth.Quote(account.Issuer),
				nil,
			)
		}
		if err := claims.checkLater(old); err != nil {
			return auth.Tokens{}, err
		}
		fresh.Account = merge(old.Account, account)
		if at, ok := claims.time("auth_time"); ok {
			fresh.AuthTime = at
		}
	} else if old.RefreshUnproven {
		return auth.Tokens{}, refused(
			auth.CodeNoIDToken, "the provider issued no ID token after one that was not accepted", "sign in again", nil,
		)
	}
	fresh.Unverified, fresh.RefreshUnproven = false, false
	return fresh, nil
}

// since is the moment at which an ID token is checked that came at arrived, by
// this computer's clock as it was then.
func (c *Client) since(tool auth.Tool, arrived time.Time) moment {
	at := moment{first: arrived, last: c.now(), clock: c.issuer(tool).lastClock()}
	if at.last.Before(at.first) { // the clock was set back
		at.first, at.last = at.last, at.first
	}
	return at
}

// checkLater holds a refreshed ID token against the set that was refreshed.
func (c claims) checkLater(old auth.Tokens) error {
	if c.text("sub") != old.Account.Subject {
		return badToken(auth.CodeIDTokenSubject, "is for another person than the one who signed in", nil)
	}
	nonce, then := old.Nonce, old.AuthTime
	before := claimed(old.ID) // all there is of a set that an older build stored
	if nonce == "" {
		nonce = auth.Secret(before.text("nonce"))
	}
	if at, ok := before.time("auth_time"); ok && then.IsZero() {
		then = at
	}
	if c["nonce"] != nil && nonce != "" && subtle.ConstantTimeCompare([]byte(c.text("nonce")), []byte(nonce.Reveal())) != 1 {
		return badToken(auth.CodeIDTokenNonce, "belongs to another sign-in", nil)
	}
	// A person who signs in again elsewhere moves it forward at some providers.
	if at, ok := c.time("auth_time"); ok && at.Before(then) {
		return badToken(auth.CodeIDTokenAuthTime, "speaks of an older sign-in", nil)
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
