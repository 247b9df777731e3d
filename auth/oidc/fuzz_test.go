package oidc

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
)

func FuzzTokenAnswer(f *testing.F) {
	for _, s := range []string{
		`{"access_token":"SlAV32hkKG","token_type":"Bearer","expires_in":3600,"refresh_token":"8xLOxBtZp8","id_token":"a.b.c","scope":"openid a"}`,
		`{"access_token":"a","token_type":"bearer","expires_in":"3600.5","refresh_expires_in":0}`,
		`{"access_token":"a","token_type":"bearer","expires_in":1e-300}`,
		`{"access_token":"a\r\nb","token_type":"bearer"}`,
		`{"refresh_token":"only","token_type":"mac"}`,
		`{"error":"invalid_grant","error_description":"x"}`,
		`{"error":"invalid_grant","error_description":"AADSTS70008: x Trace ID: 0-9 Correlation ID: ` +
			`\\n","error_codes":[70008,-1],"suberror":"bad_token","trace_id":"the-refresh-token"}`,
		`access_token=a&token_type=bearer`, `<html>`, `null`, `[]`, `{`, ``,
	} {
		f.Add([]byte(s), 200)
	}
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		r := reply{host: "idp.example.com", status: status, header: http.Header{}, body: body}
		sent := auth.Secret("the-refresh-token")
		if e := r.grantError(time.Unix(0, 0), "https://idp.example.com", auth.Tool{ClientID: "client"}, []auth.Secret{sent}); e != nil {
			checkText(t, e.Error()+" "+e.Note(), sent)
			if e.Kind == "" || e.What == "" || len(e.Code) > 64 {
				t.Errorf("got %+v", e)
			}
			return
		}
		a, err := r.parse()
		if !printable(a.refresh.Reveal()) {
			t.Error("a refresh token that cannot be sent")
		}
		if err != nil {
			checkText(t, err.Error(), a.refresh)
			if a.access != "" || a.id != "" {
				t.Error("tokens came with the error")
			}
			return
		}
		if a.access == "" || !printable(a.access.Reveal()) || strings.Contains(a.access.Reveal(), " ") || !printable(a.id.Reveal()) {
			t.Error("tokens that cannot be sent")
		}
		if a.lifetime < time.Second || a.lifetime > MaxLifetime || a.refreshLifetime < 0 || a.refreshLifetime > absurd {
			t.Errorf("lifetimes %v, %v", a.lifetime, a.refreshLifetime)
		}
	})
}

func FuzzCallback(f *testing.F) {
	for _, s := range []string{
		"code=c&state=STATE&iss=https%3A%2F%2Fidp.example.com", "code=c&code=d&state=STATE",
		"error=access_denied&state=STATE&error_description=STATE",
		"state=STATE&state=x", "code=a%0d%0ab&state=STATE", "code=&state=STATE", "state=STATE&iss=STATE", "state=STATE&error=STATE",
		"iss=&code=c&state=STATE", "%zz", "",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, query string, announced bool) {
		q, _ := url.ParseQuery(strings.ReplaceAll(query, "STATE", "0123456789abcdef"))
		req := &Request{
			State: "0123456789abcdef", nonce: "the-nonce-of-it", verifier: "the-verifier-of-it",
			metadata: &Metadata{Issuer: "https://idp.example.com", SendsIssuer: announced},
		}
		code, err := new(Client).CheckCallback(req, q)
		if err != nil {
			checkText(t, err.Error()+" "+auth.AsError(err).Note()+" "+auth.AsError(err).Code, req.State, req.nonce, req.verifier)
			if code != "" {
				t.Error("a code came with the error")
			}
			return
		}
		if q.Get("state") != req.State.Reveal() || len(q["code"]) != 1 || code == "" || !printable(code.Reveal()) ||
			q.Has("error") && q.Get("error") != "" {
			t.Errorf("%q was accepted", query)
		}
		if iss, ok := q["iss"]; ok && iss[0] != req.metadata.Issuer || !ok && announced {
			t.Errorf("%q was accepted", query)
		}
	})
}

// FuzzDocuments reads what a provider publishes: no document ends the program,
// and what is used of it keeps to the rules.
func FuzzDocuments(f *testing.F) {
	for _, s := range []string{
		`{"issuer":"https://idp.example.com","authorization_endpoint":"https://a","token_endpoint":"https://t","jwks_uri":"https://k","scopes_supported":"openid"}`,
		`{"issuer":7,"code_challenge_methods_supported":["S256",7]}`, `{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`,
		`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","use":["sig"]},7,null]}`, `{"keys":{}}`, `null`, `[]`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := readObject(body)
		if err != nil {
			return
		}
		if keys, err := ReadKeys(o); err != nil {
			checkText(t, err.Error())
		} else if keys.Usable == 0 || keys.Usable != len(keys.keys) {
			t.Errorf("%d keys of %d", keys.Usable, len(keys.keys))
		}
		m, err := readMetadata(o, auth.Endpoints{})
		if err != nil {
			checkText(t, err.Error())
			return
		}
		if err := m.check(&url.URL{Scheme: "https"}); err != nil {
			checkText(t, err.Error())
		} else if !strings.HasPrefix(strings.ToLower(m.TokenEndpoint), "https:") || len(m.Algs) == 0 {
			t.Errorf("accepted %+v", m)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"120", "Sun, 06 Nov 1994 08:49:37 GMT", "999999999999999999999", "-1", "+5", "1e3", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d := retryAfter(s, time.Unix(784111777, 0)); d < 0 || d > maxRetryAfter {
			t.Errorf("%q is %v", s, d)
		}
	})
}

// checkText holds an error's text against what may be shown.
func checkText(t *testing.T, text string, secrets ...auth.Secret) {
	t.Helper()
	for _, s := range secrets {
		if len(s) > 8 && strings.Contains(text, s.Reveal()) {
			t.Errorf("%q holds a secret", text)
		}
	}
	if strings.ContainsAny(text, "\r\n\x00\x1b") || len(text) > 2000 {
		t.Errorf("%q is not fit for one line", text)
	}
}
