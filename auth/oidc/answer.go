package oidc

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/explain"
)

// Access token lifetimes. RFC 6749 section 5.1 only recommends that a provider
// says how long a token lives, and several say it badly.
const (
	DefaultLifetime = 5 * time.Minute     // where it is missing, no number, under a second, or over ten years
	MaxLifetime     = 30 * 24 * time.Hour // what a longer one counts as
)

// absurd is a lifetime that no provider can mean.
const absurd = 10 * 365 * 24 * time.Hour

// answer is a token answer, RFC 6749 section 5.1.
type answer struct {
	access  auth.Secret
	refresh auth.Secret // empty when there is none
	id      auth.Secret // empty when there is none

	named bool // it came with an ID token, be that sound or not

	lifetime        time.Duration
	refreshLifetime time.Duration // 0 when not said
	scopes          []string      // nil when not said
}

// parse reads a token answer. It fails for one that may not be used, and even
// then returns the refresh token if that is sound by itself: after a rotation it
// is the only one left. Names are matched exactly, unlike encoding/json's struct
// fields. Errors never hold a value of the answer.
func (r reply) parse() (a answer, err error) {
	m, err := readObject(r.body)
	if err != nil {
		return a, r.notJSON(err)
	}
	if a.refresh, err = secret(m, "refresh_token"); err != nil {
		return a, err
	}
	id, bad := secret(m, "id_token")
	a.named = id != "" || bad != nil
	a.lifetime = lifetime(m["expires_in"])
	a.refreshLifetime = refreshLifetime(m)
	a.scopes = scopes(m)

	var kind string
	if json.Unmarshal(m["token_type"], &kind) != nil || !strings.EqualFold(kind, "Bearer") {
		// RFC 6749 section 7.1: not to be used if not understood.
		return a, refused(
			auth.CodeTokenType,
			"the provider issued a token that is no bearer token",
			"have the client set to bearer tokens at the provider",
			nil,
		)
	}
	access, err := secret(m, "access_token")
	switch {
	case err != nil:
		return a, err
	case access == "" && m["id_token"] != nil:
		// Azure AD B2C's answer to openid alone.
		return a, refused(
			auth.CodeNoAccessToken,
			"the provider issued an ID token but no access token",
			"add a scope of the tool's API to scopes, or the client ID itself as a scope where the provider is Azure AD B2C",
			nil,
		)
	case access == "":
		return a, refused(
			auth.CodeNoAccessToken,
			"the provider issued no access token",
			"ask for a scope of the tool's API in the settings",
			nil,
		)
	case strings.Contains(access.Reveal(), " "):
		return a, badSecret("access_token") // it would end the header that carries it (RFC 6750 section 2.1)
	}
	if bad != nil {
		return a, bad
	}
	a.access, a.id = access, id
	return a, nil
}

// secret reads a token, which is VSCHAR alone (RFC 6749 appendix A). Missing,
// null and empty are the same.
func secret(m Object, name string) (auth.Secret, error) {
	raw, ok := m[name]
	if !ok {
		return "", nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil || !printable(s) {
		return "", badSecret(name)
	}
	return auth.Secret(s), nil
}

func badSecret(name string) *auth.Error {
	return refused(auth.CodeBadToken, "the provider issued a malformed "+name, "tell the provider's administrator", nil)
}

// seconds reads a number, or a string that holds one.
func seconds(raw json.RawMessage) (float64, bool) {
	s := string(raw)
	var unquoted string
	if json.Unmarshal(raw, &unquoted) == nil && len(raw) > 0 && raw[0] == '"' {
		s = strings.TrimSpace(unquoted)
	}
	// ParseFloat takes more than JSON does, such as "0x1p4", "inf" and "1_0".
	if s == "" || strings.Trim(s, "0123456789.eE+-") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

// lifetime reads expires_in by the rules of DefaultLifetime and MaxLifetime.
func lifetime(raw json.RawMessage) time.Duration {
	f, ok := seconds(raw)
	if !ok || f < 1 || f > absurd.Seconds() {
		return DefaultLifetime
	}
	return min(time.Duration(f*float64(time.Second)), MaxLifetime)
}

// refreshLifetime reads how long the refresh token lives, which no standard
// names: refresh_expires_in at Keycloak, where 0 means without end, and
// refresh_token_expires_in elsewhere.
func refreshLifetime(m Object) time.Duration {
	for _, name := range []string{"refresh_expires_in", "refresh_token_expires_in"} {
		if f, ok := seconds(m[name]); ok && f > 0 && f <= absurd.Seconds() {
			return time.Duration(f * float64(time.Second))
		}
	}
	return 0
}

// scopes reads the granted scopes: text, or a list as some providers have it.
// What is neither says nothing.
func scopes(m Object) []string {
	all := m.List("scope")
	for _, s := range all {
		if !printable(s) {
			return nil
		}
	}
	if f := strings.Fields(strings.Join(all, " ")); len(f) > 0 {
		return f
	}
	return nil
}

// grantError turns an answer that is no success into an error, or returns nil.
// An error code in the body counts whatever the status (some providers send it
// with 200, 401 or 403), except with a status that speaks of an outage. tool
// asked issuer, and secrets are what was sent.
func (r reply) grantError(now time.Time, issuer string, tool auth.Tool, secrets []auth.Secret) *auth.Error {
	if passing(r.status) {
		return r.statusError(now)
	}
	m, _ := readObject(r.body) // what cannot be read has no error code
	said := refusal(m)
	switch {
	case said.Error != "":
		said.Issuer, said.ClientID = issuer, tool.ClientID
		e := providerError(said, secrets...)
		if e.Kind == auth.KindTransient {
			e.RetryAfter = retryAfter(r.header.Get("Retry-After"), now)
		}
		return e
	case r.status == http.StatusUnauthorized:
		return r.badClient(tool)
	case r.status >= 200 && r.status < 300:
		return nil
	case m == nil:
		// Not a word of the provider's: something on the way may have sent it.
		return r.statusError(now)
	}
	return &auth.Error{
		Kind: auth.KindFailed,
		Code: auth.CodeHTTPError,
		Who:  auth.WhoYou,
		What: auth.Quote(r.host) + " answered " + r.statusText(),
		Do:   "try again, and tell the provider's administrator if it stays",
	}
}

// badClient is the error for a 401 that says no more: by RFC 6749 section 5.2
// the client's authentication failed, and some providers send a page with it,
// or nothing.
func (r reply) badClient(tool auth.Tool) *auth.Error {
	do := "check client_id and client_auth, and store the client's secret again with `keyfob tools secret " + tool.ID + "`"
	if !tool.ClientAuth.NeedsSecret() {
		do = "check client_id, and whether the provider wants a client secret (client_auth) or has this client as a public one"
	}
	return setup(auth.CodeInvalidClient, "the provider refused the client's authentication ("+r.statusText()+")", do)
}

// refusal reads RFC 6749 section 5.2, and what some providers add to it. What
// is of another type than it should be is left out.
func refusal(m Object) (r explain.Refusal) {
	for name, to := range map[string]*string{
		"error": &r.Error, "error_description": &r.Description,
		"trace_id": &r.Trace, "correlation_id": &r.Correlation, "timestamp": &r.Time,
	} {
		_ = json.Unmarshal(m[name], to)
	}
	for _, name := range []string{"suberror", "error_subtype"} {
		if r.Suberror == "" {
			_ = json.Unmarshal(m[name], &r.Suberror)
		}
	}
	if json.Unmarshal(m["error_codes"], &r.Numbers) != nil {
		r.Numbers = nil
	}
	return r
}
