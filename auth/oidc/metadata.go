package oidc

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"keyfob/auth"
)

// Metadata is what a provider says about itself, checked. See OpenID Connect
// Discovery 1.0 section 3, RFC 8414 and RFC 9207. Endpoints that a provider
// does not have are empty.
type Metadata struct {
	Issuer                string   `json:"issuer"`
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	JWKSURI               string   `json:"jwks_uri"`
	UserinfoEndpoint      string   `json:"userinfo_endpoint"`
	IntrospectionEndpoint string   `json:"introspection_endpoint"`
	RevocationEndpoint    string   `json:"revocation_endpoint"`
	EndSessionEndpoint    string   `json:"end_session_endpoint"`
	Scopes                []string `json:"scopes_supported"`
	ChallengeMethods      []string `json:"code_challenge_methods_supported"`
	SendsIssuer           bool     `json:"authorization_response_iss_parameter_supported"`

	// Algs are the algorithms that ID tokens are accepted with: those of
	// Algorithms that the provider lists, or all of them if it lists none.
	Algs []string `json:"id_token_signing_alg_values_supported"`
}

// Algorithms returns the signature algorithms that are ever accepted. "none" and
// the symmetric ones are not, whatever a provider says.
func Algorithms() []string {
	return []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"}
}

// Discover returns the metadata of the tool's provider, which is kept for a day.
// The issuer in it must be the tool's own, byte for byte (Discovery section
// 4.3), and every endpoint https, or http on loopback if the issuer is that.
// The caller must not change what is returned.
//
// Errors: KindTransient when the provider cannot be reached or answers with a
// page, KindSetup when there is no metadata at the issuer or it is of another
// issuer, KindProtocol when the document breaks a rule.
func (c *Client) Discover(ctx context.Context, tool auth.Tool) (*Metadata, error) {
	m, _, _, err := c.issuer(tool.Issuer).metadata.get(ctx, c.now, func(ctx context.Context) (*Metadata, error) {
		return c.fetchMetadata(ctx, tool.Issuer)
	})
	return m, err
}

func (c *Client) fetchMetadata(ctx context.Context, id string) (*Metadata, error) {
	u, err := auth.SecureURL(id)
	if err != nil {
		return nil, err
	}
	if u.RawQuery != "" || u.ForceQuery {
		return nil, setup("bad_url", "the issuer "+auth.Quote(id)+" carries a query", "give the issuer as the provider names it")
	}
	m := new(Metadata)
	if err := c.fetch(ctx, strings.TrimSuffix(id, "/")+"/.well-known/openid-configuration", m); err != nil {
		return nil, err
	}
	if err := m.check(id, u); err != nil {
		return nil, err
	}
	return m, nil
}

// check holds m against what the standards and this package demand.
func (m *Metadata) check(id string, issuer *url.URL) error {
	if m.Issuer != id {
		return setup("issuer_mismatch", "the provider calls itself "+auth.Quote(m.Issuer)+" and not "+auth.Quote(id),
			"if that is the right provider, give the issuer exactly as it names itself")
	}
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
				return refused("bad_metadata", "the provider's metadata has no "+e.name, "check the issuer in the settings", nil)
			}
			continue
		}
		u, err := auth.SecureURL(e.address)
		if err != nil {
			return refused("insecure_endpoint", "the provider's "+e.name+" was refused: "+auth.AsError(err).What, "have the provider's metadata mended", err)
		}
		if u.Scheme == "http" && issuer.Scheme != "http" {
			return refused("insecure_endpoint", "the provider's "+e.name+" leads to plain http on this machine", "have the provider's metadata mended", nil)
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
		return setup("no_algorithm", "the provider signs ID tokens with no algorithm that is safe here", "have it sign with RS256 or better")
	}
	return nil
}
