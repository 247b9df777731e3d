package idp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// token is the token endpoint.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	client := p.authenticate(w, r)
	if client == nil {
		return
	}
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		p.exchange(w, r, client)
	case "refresh_token":
		p.refresh(w, r, client)
	case "client_credentials":
		p.service(w, r, client)
	default:
		writeError(w, http.StatusBadRequest, "unsupported_grant_type", "")
	}
}

func (p *Provider) exchange(w http.ResponseWriter, r *http.Request, client *Client) {
	f := r.PostForm
	verified := func(challenge string) bool {
		verifier := f.Get("code_verifier")
		sum := sha256.Sum256([]byte(verifier))
		return isVerifier(verifier) &&
			subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
	}
	now := p.now()
	p.mu.Lock()
	p.state.sweep(now)
	out, ok := p.state.redeem(f.Get("code"), client, f.Get("redirect_uri"), verified, now)
	p.mu.Unlock()
	if !ok {
		writeError(w, http.StatusBadRequest, "invalid_grant", "the authorization code is not valid")
		return
	}
	p.writeTokens(w, r, out, out.grant.nonce, now)
}

func (p *Provider) refresh(w http.ResponseWriter, r *http.Request, client *Client) {
	f := r.PostForm
	var scopes []string
	if f.Get("scope") != "" {
		scopes = strings.Fields(f.Get("scope"))
	}
	now := p.now()
	p.mu.Lock()
	p.state.sweep(now)
	out, ok, scopeOK := p.state.rotate(f.Get("refresh_token"), client, scopes, now)
	p.mu.Unlock()
	switch {
	case !scopeOK:
		writeError(w, http.StatusBadRequest, "invalid_scope", "more was asked than was granted")
	case !ok:
		writeError(w, http.StatusBadRequest, "invalid_grant", "the refresh token is not valid")
	default:
		// A refreshed ID token should carry no nonce (OpenID Connect Core 1.0
		// section 12.2).
		p.writeTokens(w, r, out, "", now)
	}
}

// writeTokens writes a token answer, RFC 6749 section 5.1.
func (p *Provider) writeTokens(w http.ResponseWriter, r *http.Request, out issued, nonce string, now time.Time) {
	g := out.grant
	claims := p.profile(g, out.scopes)
	claims["iss"] = issuerOf(r)
	claims["aud"] = g.client.ID
	claims["azp"] = g.client.ID
	claims["iat"] = now.Unix()
	claims["exp"] = now.Add(idTokenTTL).Unix()
	claims["auth_time"] = g.authTime.Unix()
	claims["at_hash"] = halfHash(g.client.Alg, out.access)
	if nonce != "" {
		claims["nonce"] = nonce
	}
	idToken, err := p.keys.sign(g.client.Alg, claims)
	if err != nil {
		writeError(w, http.StatusInternalServerError, "server_error", "no ID token")
		return
	}
	answer := map[string]any{
		"access_token": out.access,
		"token_type":   "Bearer",
		"expires_in":   int(g.client.AccessTTL / time.Second),
		"scope":        strings.Join(out.scopes, " "),
		"id_token":     idToken,
	}
	if out.refresh != "" {
		answer["refresh_token"] = out.refresh
		if g.client.RefreshTTL > 0 {
			answer["refresh_expires_in"] = max(0, int(g.ends.Sub(now)/time.Second))
		}
	}
	writeJSON(w, http.StatusOK, answer)
}

// profile is what scopes tell about the person of g.
func (p *Provider) profile(g *grant, scopes []string) map[string]any {
	sum := sha256.Sum256([]byte(g.user))
	claims := map[string]any{"sub": base64.RawURLEncoding.EncodeToString(sum[:12])}
	if slices.Contains(scopes, "profile") {
		claims["name"], claims["preferred_username"] = g.user, g.user
	}
	if slices.Contains(scopes, "email") {
		email := g.user
		if !strings.Contains(email, "@") {
			email += "@example.com"
		}
		claims["email"] = email
	}
	return claims
}

// authenticate finds the client of a form request, RFC 6749 section 2.3.1, and
// reads its form. It writes the answer and returns nil when there is none.
func (p *Provider) authenticate(w http.ResponseWriter, r *http.Request) *Client {
	if err := r.ParseForm(); err != nil {
		writeError(w, http.StatusBadRequest, "invalid_request", "the form cannot be read")
		return nil
	}
	for name, values := range r.PostForm {
		if len(values) > 1 {
			writeError(w, http.StatusBadRequest, "invalid_request", "the parameter "+printable(name)+" comes twice")
			return nil
		}
	}
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if user, pass, ok := r.BasicAuth(); ok {
		user, err1 := url.QueryUnescape(user)
		pass, err2 := url.QueryUnescape(pass)
		if err1 != nil || err2 != nil || secret != "" || id != "" && id != user {
			writeError(w, http.StatusBadRequest, "invalid_request", "the client authenticates twice")
			return nil
		}
		id, secret = user, pass
	}
	client := p.clients[id]
	if client == nil || subtle.ConstantTimeCompare([]byte(client.Secret.Reveal()), []byte(secret)) != 1 {
		w.Header().Set("WWW-Authenticate", `Basic realm="token"`)
		writeError(w, http.StatusUnauthorized, "invalid_client", "")
		return nil
	}
	return client
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// writeError writes an error answer, RFC 6749 section 5.2.
func writeError(w http.ResponseWriter, status int, code, description string) {
	v := map[string]string{"error": code}
	if description != "" {
		v["error_description"] = description
	}
	writeJSON(w, status, v)
}
