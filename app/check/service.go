package check

import (
	"context"
	"slices"

	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/weburl"
)

// service judges what a service account needs: a token endpoint that answers.
// There is no browser, no ID token and no refresh token (RFC 6749 section 4.4).
func (p *provider) service(ctx context.Context, c *oidc.Client) error {
	const discovery, endpoint = "discovery", "token endpoint"
	if address := p.tool.Endpoints.Token; address != "" {
		p.report.Issuer = address
		p.row(discovery, report.Noted, report.Unknown, "the settings name the token endpoint, so there is nothing to discover")
		if err := p.fetch(ctx, endpoint, address, c.Reach); err != nil {
			return err
		}
	} else {
		if err := p.fetch(ctx, discovery, p.discovery(), c.Fetch); err != nil {
			return err
		}
		if !p.found() {
			return nil
		}
		p.issuer()
		p.tokenEndpoint(endpoint)
		p.serviceGrant()
	}
	if !p.found() {
		return nil
	}
	if p.signedIn() {
		p.row("access token", report.Required, report.OK, "issued for the client")
	} else {
		p.row(
			"access token", report.Required, report.Unknown,
			"shown when a token is asked for, and with it whether the client and its secret are accepted",
		)
	}
	p.clock()
	return nil
}

func (p *provider) tokenEndpoint(name string) {
	address := p.text("token_endpoint")
	if address == "" {
		p.row(name, report.Required, report.Failed, "the metadata names no token_endpoint")
	} else if _, err := weburl.Secure(address); err != nil {
		p.row(name, report.Required, report.Failed, "the token_endpoint cannot be used: "+auth.AsError(err).What)
	} else {
		p.row(name, report.Required, report.OK, address)
	}
}

// serviceGrant: what a provider does not list it may know all the same.
func (p *provider) serviceGrant() {
	const name, grant = "grant", "client_credentials"
	switch grants, listed := p.list("grant_types_supported"); {
	case !listed:
		p.row(name, report.Recommended, report.Unknown, "the metadata lists no grants")
	case !slices.Contains(grants, grant):
		p.row(name, report.Recommended, report.Failed, "the metadata does not list the grant "+grant)
	default:
		p.row(name, report.Recommended, report.OK, grant)
	}
}
