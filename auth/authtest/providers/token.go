package providers

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
)

// token is the token endpoint.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.refuse(w, http.StatusBadRequest, "invalid_request")
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refusal != nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(p.refusal.Status)
		_, _ = io.WriteString(w, p.refusal.Body)
		return
	}
	if r.PostForm.Get("grant_type") == "refresh_token" {
		p.refreshGrant(w, r)
		return
	}
	asked := p.codes[r.PostForm.Get("code")]
	if p.cfg.NoOfflineRole && hasScope(asked, "offline_access") {
		p.refuse(w, http.StatusBadRequest, "not_allowed")
		return
	}
	rec := record(p.idp, p.beneath(r, "/token", r.PostForm))
	if rec.Code != http.StatusOK {
		copyTo(w, rec)
		return
	}
	g := &grant{asked: asked, started: p.cfg.Now(), offline: !p.is.sessionBound || hasScope(asked, "offline_access")}
	p.grants = append(p.grants, g)
	gives := !p.cfg.NoRefresh && p.is.refresh(asked, r.PostForm)
	p.answer(w, rec, g, gives, true)
}

func (p *Provider) refreshGrant(w http.ResponseWriter, r *http.Request) {
	t := p.tokens[r.PostForm.Get("refresh_token")]
	if t != nil && t.used && p.is.reuse {
		t.grant.ended = true
	}
	if t == nil || t.grant.ended || p.is.lasts > 0 && p.cfg.Now().Sub(t.grant.started) >= p.is.lasts {
		p.refuse(w, p.is.refusal, "invalid_grant")
		return
	}
	form := maps.Clone(r.PostForm)
	form.Set("refresh_token", t.grant.inner)
	rec := record(p.idp, p.beneath(r, "/token", form))
	if rec.Code != http.StatusOK {
		copyTo(w, rec)
		return
	}
	t.used = true
	p.answer(w, rec, t.grant, p.is.rotates, p.is.idOnRefresh)
}

// answer gives the answer from beneath this provider's shape. The mutex is held.
func (p *Provider) answer(w http.ResponseWriter, rec *httptest.ResponseRecorder, g *grant, refresh, id bool) {
	var m map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &m); err != nil {
		p.t.Error(err)
	}
	g.inner, _ = m["refresh_token"].(string)
	delete(m, "refresh_token")
	if refresh {
		value := rand.Text()
		if p.is.sessionBound { // Keycloak's are JWTs
			typ := "Refresh"
			if hasScope(g.asked, "offline_access") {
				typ = "Offline"
			}
			value = p.signer.Sign(map[string]any{"alg": "HS512"}, map[string]any{"typ": typ, "jti": value})
		}
		p.tokens[value] = &refreshToken{grant: g}
		m["refresh_token"] = value
	}
	if id {
		m["id_token"] = p.idToken(m["id_token"])
	} else {
		delete(m, "id_token")
	}
	if p.is.answer != nil {
		p.is.answer(m, strings.Fields(g.asked.Get("scope")))
	}
	writeJSON(w, http.StatusOK, m)
}

// idToken signs the ID token from beneath anew, as this provider's.
func (p *Provider) idToken(beneath any) string {
	inner, _ := beneath.(string)
	parts := strings.Split(inner, ".")
	claims := map[string]any{}
	raw, err := base64.RawURLEncoding.DecodeString(parts[min(1, len(parts)-1)])
	if err == nil {
		err = json.Unmarshal(raw, &claims)
	}
	if err != nil {
		p.t.Error(err)
	}
	claims["iss"] = p.is.issuer
	if p.is.tokens != "" {
		claims["iss"] = p.is.tokens
	}
	for name, value := range p.is.claims {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	return p.signer.Sign(map[string]any{"alg": "RS256", "typ": "JWT", "kid": "signing-key"}, claims)
}
