package idp

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxTries is how many wrong passwords one sign-in page takes.
const maxTries = 5

// authorize is the authorization endpoint. Until the client and its redirect
// URI are known to be right, a mistake is shown to the person and sent nowhere
// (RFC 6749 section 4.1.2.1).
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		writePage(
			w,
			http.StatusBadRequest,
			message("The request cannot be read", "Go back to the program that sent you here and start again."),
		)
		return
	}
	q := r.Form
	client := p.clients[q.Get("client_id")]
	if client == nil {
		writePage(
			w,
			http.StatusBadRequest,
			message("Unknown client", "The program that sent you here is not registered with this provider."),
		)
		return
	}
	if loopbackURI(q.Get("redirect_uri")) == nil {
		writePage(
			w,
			http.StatusBadRequest,
			message("Wrong return address", "The program that sent you here gave a return address that is not on this computer."),
		)
		return
	}
	if why, what := badRequest(q); why != "" {
		sendBack(
			w,
			r,
			q.Get("redirect_uri"),
			q.Get("response_mode"),
			url.Values{"error": {why}, "error_description": {what}, "state": q["state"]},
		)
		return
	}
	req := &pending{
		client:    client,
		redirect:  q.Get("redirect_uri"),
		mode:      q.Get("response_mode"),
		state:     q.Get("state"),
		nonce:     q.Get("nonce"),
		challenge: q.Get("code_challenge"),
		scopes:    grantedScopes(client, strings.Fields(q.Get("scope"))),
		expires:   p.now().Add(pendingTTL),
	}
	id := rand.Text()
	p.mu.Lock()
	p.state.sweep(p.now())
	full := len(p.state.pending) >= maxPending
	if !full {
		p.state.pending[id] = req
	}
	p.mu.Unlock()
	if full {
		sendBack(w, r, req.redirect, req.mode, url.Values{"error": {"temporarily_unavailable"}, "state": q["state"]})
		return
	}
	writeSignIn(w, http.StatusOK, signInPage{request: id, client: client.ID, username: q.Get("login_hint"), redirect: req.redirect})
}

// badRequest checks the parameters of an authorization request and returns the
// error code and description for what is wrong with them, or "".
func badRequest(q url.Values) (code, what string) {
	for name, values := range q {
		if len(values) > 1 {
			return "invalid_request", "the parameter " + printable(name) + " comes twice"
		}
	}
	challenge := q.Get("code_challenge")
	switch {
	case q.Has("request"):
		return "request_not_supported", ""
	case q.Has("request_uri"):
		return "request_uri_not_supported", ""
	case q.Get("response_type") != "code":
		return "unsupported_response_type", "only the code flow is supported"
	case q.Has("response_mode") && !slices.Contains(modes, q.Get("response_mode")):
		return "invalid_request", "only the response modes query and form_post are supported"
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return "invalid_scope", "the scope openid is missing"
	case challenge == "" || q.Get("code_challenge_method") != "S256":
		return "invalid_request", "PKCE with S256 is required"
	case !isVerifier(challenge):
		return "invalid_request", "the code_challenge is malformed"
	case q.Get("prompt") == "none":
		return "login_required", "this provider keeps no session in the browser"
	}
	return "", ""
}

// isVerifier reports whether s has the form of RFC 7636 section 4.1, which a
// challenge shares.
func isVerifier(s string) bool {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	return len(s) >= 43 && len(s) <= 128 && strings.Trim(s, unreserved) == ""
}

// grantedScopes drops what is asked twice, and offline_access for a client that
// gets no refresh token.
func grantedScopes(c *Client, asked []string) []string {
	granted := []string{}
	for _, s := range asked {
		if !slices.Contains(granted, s) && (s != "offline_access" || c.Refresh) {
			granted = append(granted, s)
		}
	}
	return granted
}

// signIn takes the sign-in page's form.
func (p *Provider) signIn(w http.ResponseWriter, r *http.Request) {
	id, username := r.PostFormValue("request"), r.PostFormValue("username")
	cancel := r.PostFormValue("action") == "cancel"
	right := p.checkPassword(username, r.PostFormValue("password"))

	now := p.now()
	p.mu.Lock()
	req := p.state.pending[id]
	if req != nil && !now.Before(req.expires) {
		req = nil
	}
	var value string
	var last bool
	if req != nil {
		req.tries++
		last = req.tries >= maxTries
		if right || cancel || last {
			delete(p.state.pending, id)
		}
		if right && !cancel {
			value = p.newCode(req, username)
		}
	}
	p.mu.Unlock()

	switch {
	case req == nil:
		writePage(w, http.StatusBadRequest, message("This page has expired", "Go back to the program that sent you here and start again."))
	case cancel:
		sendBack(
			w,
			r,
			req.redirect,
			req.mode,
			url.Values{"error": {"access_denied"}, "error_description": {"the person cancelled"}, "state": {req.state}},
		)
	case value != "":
		sendBack(w, r, req.redirect, req.mode, url.Values{"code": {value}, "state": {req.state}})
	case last:
		sendBack(
			w,
			r,
			req.redirect,
			req.mode,
			url.Values{"error": {"access_denied"}, "error_description": {"too many wrong passwords"}, "state": {req.state}},
		)
	default:
		writeSignIn(
			w,
			http.StatusForbidden,
			signInPage{request: id, client: req.client.ID, username: username, wrong: true, redirect: req.redirect},
		)
	}
}

// newCode makes an authorization code for user. The mutex is held.
func (p *Provider) newCode(req *pending, user string) string {
	now := p.now()
	ttl := req.client.RefreshTTL
	if ttl <= 0 {
		ttl = DefaultRefreshTTL
	}
	value := rand.Text()
	p.state.codes[value] = &code{
		grant:     &grant{client: req.client, user: user, scopes: req.scopes, nonce: req.nonce, authTime: now, ends: now.Add(ttl)},
		redirect:  req.redirect,
		challenge: req.challenge,
		expires:   now.Add(codeTTL),
	}
	return value
}

// checkPassword compares in constant time, and does the same work for a user
// who is not there.
func (p *Provider) checkPassword(username, password string) bool {
	want, ok := p.users[username]
	a, b := sha256.Sum256([]byte(want.Reveal())), sha256.Sum256([]byte(password))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && ok
}

// sendBack sends the browser to the client with v and the issuer (RFC 9207
// section 2), in the way that mode says.
func sendBack(w http.ResponseWriter, r *http.Request, redirect, mode string, v url.Values) {
	u := loopbackURI(redirect)
	if u == nil {
		writePage(w, http.StatusBadRequest, message("Wrong return address", "Go back to the program that sent you here and start again."))
		return
	}
	q := url.Values{}
	if mode != modeFormPost {
		q = u.Query()
	}
	for name, values := range v {
		if len(values) == 1 && values[0] != "" {
			q.Set(name, values[0])
		}
	}
	q.Set("iss", issuerOf(r))
	if mode == modeFormPost {
		writeAnswer(w, redirect, q)
		return
	}
	u.RawQuery = q.Encode()
	http.Redirect(w, r, u.String(), http.StatusSeeOther)
}

// printable makes a parameter's name safe to send back in a description, whose
// alphabet RFC 6749 section 5.2 limits.
func printable(s string) string {
	if len(s) > 40 {
		s = s[:40]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return '?'
		}
		return r
	}, s)
}
