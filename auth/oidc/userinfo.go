package oidc

import (
	"bytes"
	"context"
	"mime"
	"net/http"
	"slices"
	"time"

	"keyfob/auth"
)

// userInfoWithin bounds UserInfo, in which a person waits for no more than a
// name.
const userInfoWithin = 5 * time.Second

// Nameless reports whether t's ID token left out by what name a person goes,
// although the tool asks for that: the provider may keep such claims for its
// UserInfo endpoint (OpenID Connect Core 1.0 section 5.4).
func Nameless(tool auth.Tool, t auth.Tokens) bool {
	a := t.Account
	return a.Subject != "" && a.Label() == a.Subject && t.Access != "" &&
		(slices.Contains(tool.Scopes, "profile") || slices.Contains(tool.Scopes, "email"))
}

// UserInfo asks the provider's UserInfo endpoint (OpenID Connect Core 1.0
// section 5.3) who t's account is, and returns it with the names that were
// there. The answer may be JSON or a signed JWT. One request, five seconds at
// most; a sign-in is as good without it.
//
// Errors: KindSetup (Code "no_userinfo") where the provider has no such
// endpoint, KindFailed where it takes no access token of the tool's,
// KindProtocol for an answer of somebody else or one that breaks a rule,
// KindTransient for network and outage.
func (c *Client) UserInfo(ctx context.Context, tool auth.Tool, t auth.Tokens) (auth.Account, error) {
	ctx, cancel := context.WithTimeout(ctx, userInfoWithin)
	defer cancel()
	m, err := c.Discover(ctx, tool)
	if err != nil {
		return auth.Account{}, err
	}
	if m.UserinfoEndpoint == "" {
		return auth.Account{}, setup(
			auth.CodeNoUserinfo,
			"the provider has no UserInfo endpoint",
			"ask for the name in the ID token at the provider",
		)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.UserinfoEndpoint, nil)
	if err != nil {
		return auth.Account{}, refused(
			auth.CodeInsecureEndpoint,
			"the provider's userinfo_endpoint is not a URL",
			"have the provider's metadata fixed",
			err,
		)
	}
	req.Header.Set("Accept", "application/json, application/jwt")
	req.Header.Set("Authorization", "Bearer "+t.Access.Reveal())
	r, err := c.send(ctx, req)
	switch {
	case err != nil:
		return auth.Account{}, err
	case passing(r.status):
		return auth.Account{}, r.statusError(c.now())
	case r.status != http.StatusOK:
		return auth.Account{}, &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeUserinfoRefused,
			Who:  auth.WhoSetup,
			What: "the provider's UserInfo endpoint answered " + r.statusText(),
			Do:   "ask for the name in the ID token at the provider",
		}
	}
	said, err := c.userInfoClaims(ctx, tool, m, t.Account.Issuer, r)
	if err != nil {
		return auth.Account{}, err
	}
	if said.text("sub") != t.Account.Subject {
		// Section 5.3.2: it may be about anybody.
		return auth.Account{}, refused(
			auth.CodeUserinfoSubject,
			"the provider's UserInfo answer is about another person",
			"tell the provider's administrator",
			nil,
		)
	}
	return merge(t.Account, said.account(t.Account.Issuer)), nil
}

// userInfoClaims reads the answer r. A signed one has to come from issuer and be
// meant for the tool (section 5.3.2).
func (c *Client) userInfoClaims(ctx context.Context, tool auth.Tool, m *Metadata, issuer string, r reply) (claims, error) {
	if media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type")); media != "application/jwt" {
		said, err := decode(r.body)
		if err != nil {
			return nil, r.notJSON(err)
		}
		return said, nil
	}
	lenient := *m
	lenient.Algs = Algorithms() // those listed are the ID tokens'
	jwt := string(bytes.TrimSpace(r.body))
	tenant := claimed(auth.Secret(jwt)).text("tid")
	keys := &verifier{client: c, metadata: &lenient, keys: &c.issuer(tool).keys, tenant: tenant, issuer: issuer}
	payload, err := keys.verify(ctx, jwt)
	if err != nil {
		e := *auth.AsError(err)
		if e.Kind == auth.KindProtocol {
			e.Code, e.What = auth.CodeUserinfoSignature, "the provider's UserInfo answer is not signed by the provider"
		}
		return nil, &e
	}
	said, err := decode(payload)
	switch {
	case err != nil:
		return nil, r.notJSON(err)
	case said.text("iss") != issuer || !said.meant(tool.ClientID):
		return nil, refused(
			auth.CodeUserinfoAudience,
			"the provider's UserInfo answer is meant for somebody else",
			"tell the provider's administrator",
			nil,
		)
	}
	return said, nil
}

// meant reports whether the audience holds id.
func (c claims) meant(id string) bool {
	aud, _ := c["aud"].([]any)
	return c["aud"] == id || slices.Contains(aud, any(id))
}
