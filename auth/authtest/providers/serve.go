package providers

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"keyfob/auth/authtest"
)

// ServeHTTP implements [http.Handler].
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.seen = append(p.seen, r.URL.Path)
	p.mu.Unlock()
	at := func(address string) bool {
		u, err := url.Parse(address)
		return err == nil && address != "" && u.Path == r.URL.Path
	}
	switch is := p.is; {
	case r.URL.Path == is.discovery:
		p.metadata(w)
	case at(is.jwks):
		p.keys(w, r)
	case at(is.authorize):
		p.authorize(w, r)
	case r.URL.Path == "/signin":
		p.signIn(w, r)
	case at(is.token):
		p.token(w, r)
	case at(is.revoke):
		p.revoke(w, r)
	case at(is.endSession):
		p.endSession(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *Provider) metadata(w http.ResponseWriter) {
	is := p.is
	m := map[string]any{
		"issuer": is.issuer, "authorization_endpoint": is.authorize, "token_endpoint": is.token, "jwks_uri": is.jwks,
		"response_types_supported": []string{"code", "id_token"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
	}
	end := "end_session_endpoint"
	if is.pingEndSession {
		end = "ping_end_session_endpoint"
	}
	for name, address := range map[string]string{"revocation_endpoint": is.revoke, end: is.endSession} {
		if address != "" {
			m[name] = address
		}
	}
	if is.sendsIssuer {
		m["authorization_response_iss_parameter_supported"] = true
	}
	writeJSON(w, http.StatusOK, m)
}

func (p *Provider) keys(w http.ResponseWriter, r *http.Request) {
	fault := authtest.Keys(p.signer)
	rec := httptest.NewRecorder()
	fault(rec, r, nil)
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &set); err != nil {
		p.t.Error(err)
	}
	for _, k := range set.Keys {
		if p.is.keyIssuer != "" {
			k["issuer"] = p.is.keyIssuer
		}
	}
	writeJSON(w, http.StatusOK, set)
}

// authorize holds a request against the registration and shows the sign-in
// page beneath.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	redirect := q.Get("redirect_uri")
	switch {
	case q.Get("client_id") != p.cfg.ClientID, !p.registered(redirect):
		// Shown to the person alone, as all of them do.
		http.Error(w, "the redirect URI "+redirect+" is not registered for this client", http.StatusBadRequest)
		return
	case p.is.refusesOffline && hasScope(q, "offline_access"):
		p.back(w, r, redirect, url.Values{"error": {"invalid_scope"}, "state": q["state"]})
		return
	case q.Get("prompt") == "login" && p.cfg.Provider == "google":
		p.back(w, r, redirect, url.Values{"error": {"invalid_request"}, "state": q["state"]})
		return
	}
	p.mu.Lock()
	p.requests[q.Get("state")] = q
	denial := maps.Clone(p.denial)
	p.mu.Unlock()
	if denial != nil {
		denial["state"] = q["state"]
		if p.is.sendsIssuer {
			denial.Set("iss", p.is.issuer)
		}
		p.back(w, r, redirect, denial)
		return
	}
	p.pass(w, p.beneath(r, "/authorize", nil))
}

func (p *Provider) back(w http.ResponseWriter, r *http.Request, redirect string, v url.Values) {
	http.Redirect(w, r, redirect+"?"+v.Encode(), http.StatusFound)
}

// signIn is the page beneath. What it sends the browser back with carries the
// issuer of the provider that it belongs to.
func (p *Provider) signIn(w http.ResponseWriter, r *http.Request) {
	rec := record(p.idp, p.beneath(r, "/signin", nil))
	to, err := url.Parse(rec.Header().Get("Location"))
	if err != nil || rec.Header().Get("Location") == "" {
		p.t.Errorf("the person could not sign in: status %d, %v", rec.Code, err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	q := to.Query()
	q.Del("iss")
	if p.is.sendsIssuer {
		q.Set("iss", p.is.issuer)
	}
	p.mu.Lock()
	p.codes[q.Get("code")] = p.requests[q.Get("state")]
	p.mu.Unlock()
	p.back(w, r, strings.Split(to.String(), "?")[0], q)
}

// revoke ends a grant, and answers 200 whatever it was.
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.refuse(w, http.StatusBadRequest, "invalid_request")
		return
	}
	form := maps.Clone(r.PostForm)
	p.mu.Lock()
	if t := p.tokens[form.Get("token")]; t != nil {
		t.grant.ended = true
		form.Set("token", t.grant.inner)
	}
	p.mu.Unlock()
	p.pass(w, p.beneath(r, "/revoke", form))
}

// endSession ends the person's session in the browser.
func (p *Provider) endSession(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if p.is.signOut != nil && !p.is.signOut(p, q) {
		http.Error(w, "the sign-out request is not understood", http.StatusBadRequest)
		return
	}
	if p.is.sessionBound {
		p.EndSessions()
	}
	for _, name := range []string{"post_logout_redirect_uri", "logout_uri"} {
		if to := q.Get(name); to != "" {
			if q.Has("state") {
				to += "?" + url.Values{"state": q["state"]}.Encode()
			}
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
	}
}

func (p *Provider) refuse(w http.ResponseWriter, status int, code string) {
	writeJSON(w, status, map[string]string{"error": code, "error_description": "refused"})
}

// beneath is r as the provider beneath gets it, with form in the place of its
// own.
func (p *Provider) beneath(r *http.Request, path string, form url.Values) *http.Request {
	in := r.Clone(r.Context())
	in.URL.Path, in.Host = path, p.server.Host
	if form != nil {
		form = maps.Clone(form)
		form.Del("scope") // a refresh there would narrow the grant
		req := httptest.NewRequestWithContext(r.Context(), r.Method, path, strings.NewReader(form.Encode()))
		req.Header, req.Host = r.Header.Clone(), p.server.Host
		return req
	}
	return in
}

func (p *Provider) pass(w http.ResponseWriter, r *http.Request) { copyTo(w, record(p.idp, r)) }

func record(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

func copyTo(w http.ResponseWriter, rec *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
