package oidc

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// Metadata is what a provider says about itself, checked. See OpenID Connect
// Discovery 1.0 section 3, RFC 8414 and RFC 9207. Endpoints that a provider
// does not have are empty.
type Metadata struct {
	Issuer                string
	AuthorizationEndpoint string
	TokenEndpoint         string
	JWKSURI               string
	UserinfoEndpoint      string
	IntrospectionEndpoint string
	RevocationEndpoint    string
	EndSessionEndpoint    string
	Scopes                []string
	ChallengeMethods      []string
	SendsIssuer           bool

	// Algs are the algorithms that ID tokens are accepted with: those of
	// Algorithms that the provider lists, or all of them if it lists none.
	Algs []string
}

// readMetadata reads the document o. What nobody needs may be of any type; what
// e of the settings replaces is not needed.
func readMetadata(o Object, e auth.Endpoints) (*Metadata, error) {
	m := &Metadata{
		Scopes:           o.List("scopes_supported"),
		ChallengeMethods: o.List("code_challenge_methods_supported"),
		SendsIssuer:      o.Is("authorization_response_iss_parameter_supported"),
		Algs:             o.List("id_token_signing_alg_values_supported"),
	}
	var older string
	for _, f := range []struct {
		name   string
		to     *string
		needed bool
	}{
		{"issuer", &m.Issuer, true},
		{"authorization_endpoint", &m.AuthorizationEndpoint, e.Authorize == ""},
		{"token_endpoint", &m.TokenEndpoint, e.Token == ""},
		{"jwks_uri", &m.JWKSURI, e.JWKS == ""},
		{"userinfo_endpoint", &m.UserinfoEndpoint, false},
		{"introspection_endpoint", &m.IntrospectionEndpoint, false},
		{"revocation_endpoint", &m.RevocationEndpoint, false},
		{"end_session_endpoint", &m.EndSessionEndpoint, false},
		{"ping_end_session_endpoint", &older, false}, // older versions of PingFederate
	} {
		s, ok := o.Text(f.name)
		if !ok && f.needed {
			return nil, refused(
				auth.CodeBadMetadata,
				"the "+f.name+" in the provider's metadata is not text",
				"have the provider's metadata fixed",
				nil,
			)
		}
		*f.to = s
	}
	m.EndSessionEndpoint = cmp.Or(m.EndSessionEndpoint, older)
	return m, nil
}

// Algorithms returns the signature algorithms that are ever accepted. "none" and
// the symmetric ones are not, whatever a provider says.
func Algorithms() []string {
	return []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"}
}

// Discover returns the metadata of the tool's provider, which is cached for a day.
// The issuer in it must be the tool's own, byte for byte (Discovery section
// 4.3), or one that the tool expects; and every endpoint https, or http on
// loopback if the issuer is that. Endpoints that the tool names itself take the
// place of those; with all that a sign-in needs, nothing is asked for. The
// caller must not change what is returned.
//
// For a provider of many tenants the issuer holds [auth.TenantID], which the
// tenant in each ID token replaces.
//
// Errors: KindTransient when the provider cannot be reached or answers with a
// page, KindSetup when there is no metadata at the issuer or it is of another
// issuer, KindProtocol when the document breaks a rule.
func (c *Client) Discover(ctx context.Context, tool auth.Tool) (*Metadata, error) {
	m, _, err := c.issuer(tool).metadata.get(ctx, c.now, func(ctx context.Context) (*Metadata, error) {
		return c.makeMetadata(ctx, tool)
	})
	return m.value, err
}

// makeMetadata fetches the metadata of the tool's provider, or makes it of what
// the settings say.
func (c *Client) makeMetadata(ctx context.Context, tool auth.Tool) (*Metadata, error) {
	place := tool.Issuer
	if tool.Endpoints.Whole() {
		place = tool.Endpoints.Authorize
	}
	u, err := weburl.Secure(place)
	if err != nil {
		return nil, err
	}
	m := new(Metadata)
	if tool.Endpoints.Whole() {
		m.Issuer = tool.Issuers()[0]
	} else {
		if u.RawQuery != "" || u.ForceQuery {
			return nil, setup(
				auth.CodeBadURL, "the issuer "+auth.Quote(place)+" carries a query", "give the issuer as the provider names it",
			)
		}
		o, err := c.wellKnown(ctx, tool, place)
		if err != nil {
			return nil, err
		}
		if m, err = readMetadata(o, tool.Endpoints); err != nil {
			return nil, err
		}
		if err := m.checkIssuer(tool); err != nil {
			return nil, err
		}
	}
	m.replace(tool.Endpoints)
	if err := m.check(u); err != nil {
		return nil, err
	}
	return m, nil
}

// replace puts endpoints that the settings name in the place of m's own.
func (m *Metadata) replace(e auth.Endpoints) {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&m.AuthorizationEndpoint, e.Authorize},
		{&m.TokenEndpoint, e.Token},
		{&m.JWKSURI, e.JWKS},
		{&m.EndSessionEndpoint, e.EndSession},
		{&m.RevocationEndpoint, e.Revocation},
	} {
		if f.from != "" {
			*f.to = f.from
		}
	}
}

// checkIssuer holds the issuer in m against those that the tool expects. A
// provider of many tenants publishes the pattern itself.
func (m *Metadata) checkIssuer(tool auth.Tool) error {
	for _, want := range tool.Issuers() {
		if m.Issuer == want || auth.MatchIssuer(want, m.Issuer) {
			return nil
		}
	}
	if m.Issuer == "" {
		return setup(auth.CodeIssuerMismatch, "the provider's metadata names no issuer", "check the issuer in the settings")
	}
	do := "if that is the right provider, give the issuer exactly as it names itself"
	if len(tool.ExpectIssuers) > 0 {
		do = "if that is the right provider, give this as expect_issuer"
	}
	return setup(auth.CodeIssuerMismatch, "the provider calls itself "+auth.Quote(m.Issuer)+" and not "+auth.Quote(tool.Issuers()[0]), do)
}

// issuerOf returns what the issuer of an ID token with these claims has to be,
// or "" when they do not name the tenant that decides it.
func (m *Metadata) issuerOf(c claims) string {
	if !strings.Contains(m.Issuer, auth.TenantID) {
		return m.Issuer
	}
	return inTenant(m.Issuer, c.text("tid"))
}

// inTenant puts a tenant into a pattern, or returns "" if it is no GUID.
func inTenant(pattern, tenant string) string {
	if !auth.IsGUID(tenant) {
		return ""
	}
	return strings.ReplaceAll(pattern, auth.TenantID, tenant)
}

// check holds m, which came from place, against what the standards and this
// package demand.
func (m *Metadata) check(place *url.URL) error {
	for _, e := range []struct {
		name, address string
		required      bool
	}{
		{"authorization_endpoint", m.AuthorizationEndpoint, true},
		{"token_endpoint", m.TokenEndpoint, true},
		{"jwks_uri", m.JWKSURI, true},
		{"userinfo_endpoint", m.UserinfoEndpoint, false},
		{"introspection_endpoint", m.IntrospectionEndpoint, false},
		{"revocation_endpoint", m.RevocationEndpoint, false},
		{"end_session_endpoint", m.EndSessionEndpoint, false},
	} {
		if e.address == "" {
			if e.required {
				return refused(auth.CodeBadMetadata, "the provider's metadata has no "+e.name, "check the issuer in the settings", nil)
			}
			continue
		}
		u, err := weburl.Secure(e.address)
		if err != nil {
			return refused(
				auth.CodeInsecureEndpoint,
				"the provider's "+e.name+" was refused: "+auth.AsError(err).What,
				"have the provider's metadata fixed",
				err,
			)
		}
		if u.Scheme == "http" && place.Scheme != "http" {
			return refused(
				auth.CodeInsecureEndpoint,
				"the provider's "+e.name+" leads to plain http on this machine",
				"have the provider's metadata fixed",
				nil,
			)
		}
	}
	if len(m.ChallengeMethods) > 0 && !slices.Contains(m.ChallengeMethods, "S256") {
		return setup("no_s256", "the provider has no PKCE with S256", "have it switched on at the provider")
	}
	listed := m.Algs
	m.Algs = Algorithms()
	if len(listed) > 0 {
		m.Algs = slices.DeleteFunc(m.Algs, func(a string) bool { return !slices.Contains(listed, a) })
	}
	if len(m.Algs) == 0 {
		return setup(
			auth.CodeNoAlgorithm,
			"the provider signs ID tokens with no algorithm that is safe here",
			"have it sign with RS256 or better",
		)
	}
	return nil
}
