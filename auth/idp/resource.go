package idp

import (
	"net/http"
	"strings"
)

// discovery is the provider's metadata, OpenID Connect Discovery 1.0 section 3.
func (p *Provider) discovery(w http.ResponseWriter, r *http.Request) {
	iss := issuerOf(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                         iss,
		"authorization_endpoint":                         iss + "/authorize",
		"token_endpoint":                                 iss + "/token",
		"jwks_uri":                                       iss + "/jwks",
		"userinfo_endpoint":                              iss + "/userinfo",
		"introspection_endpoint":                         iss + "/introspect",
		"revocation_endpoint":                            iss + "/revoke",
		"end_session_endpoint":                           iss + "/end_session",
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       modes,
		"grant_types_supported":                          []string{"authorization_code", "refresh_token", "client_credentials"},
		"subject_types_supported":                        []string{"public"},
		"scopes_supported":                               []string{"openid", "profile", "email", "offline_access"},
		"claims_supported":                               []string{"sub", "name", "preferred_username", "email"},
		"id_token_signing_alg_values_supported":          p.usedAlgs(),
		"code_challenge_methods_supported":               []string{"S256"},
		"prompt_values_supported":                        []string{"none", "login"},
		"token_endpoint_auth_methods_supported":          []string{"none", "client_secret_basic", "client_secret_post"},
		"authorization_response_iss_parameter_supported": true,
	})
}

// bearer returns the live access token of a request, or answers 401 as RFC 6750
// section 3 says and returns nil.
func (p *Provider) bearer(w http.ResponseWriter, r *http.Request) *token {
	scheme, value, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || value == "" {
		w.Header().Set("WWW-Authenticate", "Bearer")
		writeError(w, http.StatusUnauthorized, "invalid_request", "no bearer token")
		return nil
	}
	p.mu.Lock()
	t := live(p.state.access, value, p.now())
	p.mu.Unlock()
	if t == nil {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		writeError(w, http.StatusUnauthorized, "invalid_token", "the access token is not valid")
	}
	return t
}

func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	if t := p.bearer(w, r); t != nil {
		writeJSON(w, http.StatusOK, p.profile(t.grant, t.grant.scopes))
	}
}

// hello is a resource for whoever has signed in.
func (p *Provider) hello(w http.ResponseWriter, r *http.Request) {
	if t := p.bearer(w, r); t != nil {
		writeJSON(w, http.StatusOK, map[string]string{"hello": t.grant.user})
	}
}

// introspect says whether a token of the client that asks is live, RFC 7662.
func (p *Provider) introspect(w http.ResponseWriter, r *http.Request) {
	client := p.authenticate(w, r)
	if client == nil {
		return
	}
	value := r.PostForm.Get("token")
	p.mu.Lock()
	t := live(p.state.access, value, p.now())
	if t == nil {
		t = live(p.state.refresh, value, p.now())
	}
	p.mu.Unlock()
	if t == nil || t.grant.client != client {
		writeJSON(w, http.StatusOK, map[string]bool{"active": false})
		return
	}
	answer := p.profile(t.grant, nil)
	answer["active"] = true
	answer["iss"] = issuerOf(r)
	answer["client_id"] = client.ID
	answer["username"] = t.grant.user
	answer["scope"] = strings.Join(t.grant.scopes, " ")
	answer["iat"] = t.issued.Unix()
	answer["exp"] = t.expires.Unix()
	writeJSON(w, http.StatusOK, answer)
}

// revoke ends an access token, or with a refresh token the whole grant. It
// answers 200 for a token that it does not know (RFC 7009 section 2.2).
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) {
	client := p.authenticate(w, r)
	if client == nil {
		return
	}
	value := r.PostForm.Get("token")
	p.mu.Lock()
	if t := p.state.refresh[value]; t != nil && t.grant.client == client {
		t.grant.revoked = true
	} else if t := p.state.access[value]; t != nil && t.grant.client == client {
		t.used = true
	}
	p.mu.Unlock()
	w.WriteHeader(http.StatusOK)
}

// endSession signs a person out of one client, OpenID Connect RP-Initiated
// Logout 1.0 section 2. The ID token says who and where; an expired one will
// do, an unsigned one will not.
func (p *Provider) endSession(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	var signedOut bool
	for _, c := range p.clients {
		claims, err := p.keys.verify(c.Alg, r.Form.Get("id_token_hint"))
		if err != nil || claims["aud"] != c.ID || claims["iss"] != issuerOf(r) {
			continue
		}
		sub, _ := claims["sub"].(string)
		p.endGrants(c, sub)
		signedOut = true
	}
	u := loopbackURI(r.Form.Get("post_logout_redirect_uri"))
	switch {
	case !signedOut:
		writePage(w, http.StatusBadRequest, message("Nobody was signed out", "The request does not say who is to be signed out."))
	case u != nil:
		q := u.Query()
		if s := r.Form.Get("state"); s != "" {
			q.Set("state", s)
		}
		u.RawQuery = q.Encode()
		http.Redirect(w, r, u.String(), http.StatusSeeOther)
	default:
		writePage(w, http.StatusOK, message("You are signed out", "You can close this tab."))
	}
}

// endGrants ends all that sub has at client.
func (p *Provider) endGrants(client *Client, sub string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range []map[string]*token{p.state.access, p.state.refresh} {
		for _, t := range m {
			if t.grant.client == client && p.profile(t.grant, nil)["sub"] == sub {
				t.grant.revoked = true
			}
		}
	}
}
