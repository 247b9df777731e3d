package check

import (
	"context"
	"crypto/tls"
	"slices"
	"strconv"
	"strings"
	"time"

	"keyfob/app/check/report"
	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
	"keyfob/auth/weburl"
	"keyfob/auth/wording"
)

// afterSignIn is the text for what no metadata can show.
const afterSignIn = "shown after a sign-in"

// versionName is a version of TLS for people.
func versionName(v uint16) string {
	if v == 0 {
		return "https"
	}
	return tls.VersionName(v)
}

// issuer: OpenID Connect Discovery 1.0 section 4.3.
func (p *provider) issuer() {
	named := p.text("issuer")
	expected := slices.ContainsFunc(p.tool.Issuers(), func(want string) bool { return named == want || auth.MatchIssuer(want, named) })
	switch {
	case p.tool.Endpoints.Whole():
		p.row("issuer", report.Required, report.Unknown, "nothing was asked for that would name it")
	case p.wrongType("issuer"):
		p.row("issuer", report.Required, report.Failed, "the issuer in the metadata is not text")
	case named == "":
		p.row("issuer", report.Required, report.Failed, "the metadata names no issuer")
	case named == p.tool.Issuer:
		p.row("issuer", report.Required, report.OK, "the same as in the metadata")
	case expected:
		p.row("issuer", report.Required, report.OK, "the metadata names "+auth.Quote(named)+", which the settings expect")
	default:
		p.row("issuer", report.Required, report.Failed, "the metadata names another issuer, "+auth.Quote(named))
	}
}

// endpoints: those that the code flow needs, over https.
func (p *provider) endpoints() {
	for _, e := range []struct{ name, settings string }{
		{"authorization_endpoint", p.tool.Endpoints.Authorize},
		{"token_endpoint", p.tool.Endpoints.Token},
	} {
		if e.settings == "" && p.wrongType(e.name) {
			p.row("endpoints", report.Required, report.Failed, "the "+e.name+" in the metadata is not text")
			return
		}
		address := p.endpoint(e.name, e.settings)
		if address == "" {
			p.row("endpoints", report.Required, report.Failed, "the metadata names no "+e.name)
			return
		}
		if _, err := weburl.Secure(address); err != nil {
			p.row("endpoints", report.Required, report.Failed, "the "+e.name+" cannot be used: "+auth.AsError(err).What)
			return
		}
	}
	p.row("endpoints", report.Required, report.OK, "authorization and token endpoint")
}

// codeFlow: OpenID Connect Core 1.0 section 15.2.
func (p *provider) codeFlow() {
	types, listed := p.list("response_types_supported")
	grants, limited := p.list("grant_types_supported")
	switch {
	case listed && !slices.Contains(types, "code"):
		p.row("code flow", report.Required, report.Failed, "the metadata does not list the response type code")
	case limited && !slices.Contains(grants, "authorization_code"):
		p.row("code flow", report.Required, report.Failed, "the metadata does not list the grant authorization_code")
	case !listed:
		p.row("code flow", report.Required, report.Unknown, "the metadata lists no response types")
	default:
		p.row("code flow", report.Required, report.OK, "response type code")
	}
}

// pkce: RFC 7636, of which only S256 is ever used.
func (p *provider) pkce() {
	methods, listed := p.list("code_challenge_methods_supported")
	switch {
	case !listed || len(methods) == 0:
		p.row("PKCE S256", report.Required, report.Unknown, "the metadata does not say; Keyfob uses it at every sign-in")
	case !slices.Contains(methods, "S256"):
		p.row("PKCE S256", report.Required, report.Failed, "the metadata lists PKCE without S256")
	default:
		p.row("PKCE S256", report.Required, report.OK, "advertised")
	}
}

// keys: public keys as bare keys, OpenID Connect Core 1.0 section 15.2, read as
// a sign-in reads them. A key that is there as a certificate alone does not
// count, and is no harm beside one that does.
func (p *provider) keys(ctx context.Context, c *oidc.Client) error {
	if p.tool.Endpoints.JWKS == "" && p.wrongType("jwks_uri") {
		p.row("keys", report.Required, report.Failed, "the jwks_uri in the metadata is not text")
		return nil
	}
	address := p.endpoint("jwks_uri", p.tool.Endpoints.JWKS)
	if address == "" {
		p.row("keys", report.Required, report.Failed, "the metadata names no jwks_uri")
		return nil
	}
	got, err := c.Fetch(ctx, address)
	if e := auth.AsError(err); e != nil {
		if noVerdict(e) {
			return err
		}
		p.row("keys", report.Required, report.Failed, "the keys cannot be fetched: "+e.What)
		return nil
	}
	keys, err := oidc.ReadKeys(got.Document)
	if e := auth.AsError(err); e != nil {
		p.row("keys", report.Required, report.Failed, e.What)
		return nil
	}
	text := count(keys.Usable, "bare key")
	if len(keys.LeftOut) > 0 {
		text += "; " + strings.Join(keys.LeftOut[:min(len(keys.LeftOut), 3)], "; ")
	}
	p.row("keys", report.Required, report.OK, text)
	return nil
}

// algorithms: the nine that ThingPark Enterprise takes, which are Keyfob's too.
func (p *provider) algorithms() {
	algs, listed := p.list("id_token_signing_alg_values_supported")
	var good []string
	for _, a := range oidc.Algorithms() {
		if slices.Contains(algs, a) {
			good = append(good, a)
		}
	}
	switch {
	case !listed || len(algs) == 0:
		p.row("signatures", report.Required, report.Unknown, "the metadata lists no algorithm")
	case len(good) == 0:
		p.row("signatures", report.Required, report.Failed, "ID tokens are signed with none of RS, ES or PS 256 to 512")
	default:
		p.row("signatures", report.Required, report.OK, strings.Join(good, ", "))
	}
}

// accessToken: always returned, which no metadata can promise.
func (p *provider) accessToken() {
	if p.signedIn() {
		p.row("access token", report.Required, report.OK, "issued at the last sign-in")
		return
	}
	p.row("access token", report.Required, report.Unknown, afterSignIn)
}

// refreshToken: what the session shows counts more than what is advertised.
func (p *provider) refreshToken() {
	const name = "refresh token"
	if p.signedIn() && p.last.Renewal != nil {
		if p.last.Renewal.Mode == session.Automatic {
			p.row(name, report.Recommended, report.OK, "the session renews with one")
		} else {
			p.row(name, report.Recommended, report.Failed, "the session does not renew, since "+p.last.Renewal.Reason)
		}
		return
	}
	grants, hasGrants := p.list("grant_types_supported")
	scopes, hasScopes := p.list("scopes_supported")
	switch {
	case slices.Contains(scopes, "offline_access"):
		p.row(name, report.Recommended, report.OK, "the scope offline_access is advertised")
	case slices.Contains(grants, "refresh_token"):
		p.row(name, report.Recommended, report.OK, "the grant is advertised")
	case hasGrants && hasScopes:
		p.row(name, report.Recommended, report.Failed, "neither the grant refresh_token nor the scope offline_access is advertised")
	default:
		p.row(name, report.Recommended, report.Unknown, afterSignIn)
	}
}

// bound: a refresh token that ends with the session at the provider, not an
// offline token.
func (p *provider) bound() {
	const name = "bound to session"
	offline := p.tool.AsksOffline()
	switch {
	case p.tool.Has(auth.QuirkLastingRefresh):
		p.row(name, report.Recommended, report.Failed, "every refresh token of this provider is an offline token")
	case p.tool.Has(auth.QuirkSessionRefresh) && !offline:
		p.row(name, report.Recommended, report.OK, "the refresh token ends with the session at the provider")
	case p.tool.Has(auth.QuirkSessionRefresh):
		p.row(
			name,
			report.Recommended,
			report.Failed,
			"the settings ask for offline_access, which makes the refresh token an offline token",
		)
	default:
		p.row(name, report.Recommended, report.Unknown, "the provider does not say whether a refresh token outlives its session")
	}
}

// signOut: OpenID Connect RP-Initiated Logout 1.0 section 2.1.
func (p *provider) signOut() {
	if p.endpoint("end_session_endpoint", p.tool.Endpoints.EndSession) == "" && p.text("ping_end_session_endpoint") == "" {
		p.row("sign-out", report.Recommended, report.Failed, "there is no end_session_endpoint")
		return
	}
	p.row("sign-out", report.Recommended, report.OK, "end_session_endpoint")
}

// revocation: RFC 7009.
func (p *provider) revocation() {
	if p.endpoint("revocation_endpoint", p.tool.Endpoints.Revocation) == "" {
		p.row("revocation", report.Noted, report.Failed, "refresh tokens cannot be revoked; signing out deletes them here")
		return
	}
	p.row("revocation", report.Noted, report.OK, "revocation_endpoint")
}

// sendsIssuer reports whether the metadata promises the iss parameter.
func (p *provider) sendsIssuer() bool {
	return p.got.Document.Is("authorization_response_iss_parameter_supported")
}

// issuerParameter: RFC 9207.
func (p *provider) issuerParameter() {
	if !p.sendsIssuer() {
		p.row("iss parameter", report.Noted, report.Failed, "the answer in the browser does not name its issuer")
		return
	}
	p.row("iss parameter", report.Noted, report.OK, "the answer in the browser names its issuer")
}

// redirect: RFC 9700 section 4.4.2. An answer that does not name its issuer is
// told from another provider's by the redirect URI alone.
func (p *provider) redirect() {
	const name = "redirect URI"
	others := strings.Join(p.tool.SharesRedirect, ", ")
	switch {
	case p.tool.Redirect == "" || p.tool.Grant == auth.GrantService:
	case others == "":
		p.row(name, report.Recommended, report.OK, p.tool.Redirect)
	case p.sendsIssuer():
		p.row(
			name,
			report.Recommended,
			report.Unknown,
			"it is shared with "+others+", at another provider, whose answers must name their issuer as well",
		)
	default:
		p.row(
			name,
			report.Recommended,
			report.Failed,
			"it is shared with "+others+", at another provider, which could be brought the code of a sign-in at this one: register "+
				"another and set it as redirect",
		)
	}
}

// clock: this computer's against the provider's.
func (p *provider) clock() {
	switch size := p.got.Ahead.Abs(); {
	case !p.got.HasClock:
		p.row("clock", report.Noted, report.Unknown, "the provider does not tell its time")
	case size < 2*time.Second:
		p.row("clock", report.Noted, report.OK, "this computer's clock agrees with the provider's")
	case size <= oidc.Leeway:
		p.row("clock", report.Noted, report.OK, wording.ClockOff(p.got.Ahead))
	default:
		p.row("clock", report.Noted, report.Failed, wording.ClockOff(p.got.Ahead)+", so sign-ins may be refused")
	}
}

// wrongType reports whether a member of the metadata is there and is no text.
func (p *provider) wrongType(name string) bool {
	_, ok := p.got.Document.Text(name)
	return !ok
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
