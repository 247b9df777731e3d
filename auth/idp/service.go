package idp

import (
	"net/http"
	"strings"
	"time"
)

// service gives a client with a secret a token of its own, RFC 6749 section
// 4.4: there is no person, so no ID token, and no refresh token.
func (p *Provider) service(w http.ResponseWriter, r *http.Request, client *Client) {
	if client.Secret == "" {
		writeError(w, http.StatusBadRequest, "unauthorized_client", "")
		return
	}
	bare := *client
	bare.Refresh = false
	now := p.now()
	g := &grant{
		client:   &bare,
		user:     client.ID,
		scopes:   strings.Fields(r.PostForm.Get("scope")),
		authTime: now,
		ends:     now.Add(client.AccessTTL),
	}
	p.mu.Lock()
	p.state.sweep(now)
	out := p.state.issue(g, g.scopes, now)
	p.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": out.access,
		"token_type":   "Bearer",
		"expires_in":   int(client.AccessTTL / time.Second),
		"scope":        strings.Join(out.scopes, " "),
	})
}
