package oidc_test

import (
	"net/http"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

// namelessRig is a rig whose ID tokens say no more than who is meant, and the
// tokens of a sign-in there.
func namelessRig(t *testing.T) (*rig, *authtest.Signer, auth.Tokens) {
	t.Helper()
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	r.faults.Set("/token", authtest.RewriteIDToken(func(_, c map[string]any) {
		for _, name := range []string{"name", "preferred_username", "email"} {
			delete(c, name)
		}
	}, mine))
	return r, mine, r.signIn()
}

func TestNameless(t *testing.T) {
	r, _, tokens := namelessRig(t)
	named := tokens
	named.Account.Username = "ada"
	bare := r.tool
	bare.Scopes = []string{"openid"}
	service := tokens
	service.Account = auth.Account{Issuer: r.tool.Issuer}
	for name, got := range map[string]bool{
		"a name is known":           oidc.Nameless(r.tool, named),
		"nobody asked for a name":   oidc.Nameless(bare, tokens),
		"nobody signed in":          oidc.Nameless(r.tool, service),
		"turned: asked and missing": !oidc.Nameless(r.tool, tokens),
	} {
		if got {
			t.Error(name)
		}
	}
}

func TestUserInfo(t *testing.T) {
	r, mine, tokens := namelessRig(t)
	sub := tokens.Account.Subject
	signed := func(s *authtest.Signer, change func(claims map[string]any)) authtest.Fault {
		claims := map[string]any{"iss": r.tool.Issuer, "aud": []string{"other", r.tool.ClientID}, "sub": sub, "name": "Ada"}
		if change != nil {
			change(claims)
		}
		return authtest.Answer(
			200,
			s.Sign(map[string]any{"alg": "ES256", "kid": "mine"}, claims),
			"Content-Type",
			"application/jwt; charset=utf-8",
		)
	}
	for name, tc := range map[string]struct {
		fault authtest.Fault // nil: the provider's own answer
		kind  auth.Kind      // empty: accepted
		code  string
		label string
	}{
		"as it is":               {nil, "", "", "ada@example.com"},
		"only a name":            {authtest.Answer(200, `{"sub":"`+sub+`","name":"Ada \u202e\n Lovelace"}`), "", "", "Ada Lovelace"},
		"nothing but who":        {authtest.Answer(200, `{"sub":"`+sub+`"}`), "", "", sub},
		"another person":         {authtest.Answer(200, `{"sub":"eve","name":"Ada"}`), auth.KindProtocol, "userinfo_subject", ""},
		"nobody":                 {authtest.Answer(200, `{"name":"Ada"}`), auth.KindProtocol, "userinfo_subject", ""},
		"miscased":               {authtest.Answer(200, `{"SUB":"`+sub+`","name":"Ada"}`), auth.KindProtocol, "userinfo_subject", ""},
		"signed":                 {signed(mine, nil), "", "", "Ada"},
		"signed for us alone":    {signed(mine, func(c map[string]any) { c["aud"] = r.tool.ClientID }), "", "", "Ada"},
		"signed, another person": {signed(mine, func(c map[string]any) { c["sub"] = "eve" }), auth.KindProtocol, "userinfo_subject", ""},
		"signed elsewhere": {
			signed(mine, func(c map[string]any) { c["iss"] = "https://evil.example.com" }),
			auth.KindProtocol, "userinfo_audience", "",
		},
		"signed for another":   {signed(mine, func(c map[string]any) { c["aud"] = "other" }), auth.KindProtocol, "userinfo_audience", ""},
		"signed for nobody":    {signed(mine, func(c map[string]any) { delete(c, "aud") }), auth.KindProtocol, "userinfo_audience", ""},
		"signed by a stranger": {signed(authtest.NewSigner("ES256", "mine"), nil), auth.KindProtocol, "userinfo_signature", ""},
		"not signed":           {signed(authtest.Unsigned(), nil), auth.KindProtocol, "userinfo_signature", ""},
		"token not accepted":   {authtest.Answer(401, `{"error":"invalid_token"}`), auth.KindFailed, "userinfo_refused", ""},
		"not for this token":   {authtest.Answer(403, ""), auth.KindFailed, "userinfo_refused", ""},
		"redirect":             {authtest.Redirect(302, r.callback), auth.KindTransient, "redirect", ""},
		"outage":               {authtest.Answer(503, ""), auth.KindTransient, "http_503", ""},
		"a page":               {authtest.Answer(200, "<html>"), auth.KindTransient, "not_json", ""},
		"an array":             {authtest.Answer(200, "[]", "Content-Type", "application/json"), auth.KindProtocol, "not_json", ""},
		"huge":                 {authtest.Huge(4 << 20), auth.KindProtocol, "too_big", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r.faults.Clear("/userinfo")
			if tc.fault != nil {
				r.faults.Set("/userinfo", tc.fault)
			}
			account, err := r.client.UserInfo(t.Context(), r.tool, tokens)
			if tc.kind == "" {
				if err != nil || account.Label() != tc.label || account.Subject != sub || account.Issuer != r.tool.Issuer {
					t.Errorf("%+v, %v", account, err)
				}
				return
			}
			wantError(t, err, tc.kind, tc.code, tokens.Access, auth.Secret(sub))
			if account != (auth.Account{}) {
				t.Errorf("an account came with the error: %+v", account)
			}
		})
	}
	if len(r.answers) > 0 {
		t.Error("the access token went elsewhere")
	}
}

// TestUserInfoIsAskedWithAHeader keeps the access token out of addresses and
// bodies (RFC 6750 section 2).
func TestUserInfoIsAskedWithAHeader(t *testing.T) {
	r, _, tokens := namelessRig(t)
	r.faults.Set("/userinfo", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		if req.Method != http.MethodGet || req.URL.RawQuery != "" || req.ContentLength > 0 ||
			req.Header.Get("Authorization") != "Bearer "+tokens.Access.Reveal() {
			t.Errorf("%s %s", req.Method, req.URL)
		}
		next.ServeHTTP(w, req)
	})
	if _, err := r.client.UserInfo(t.Context(), r.tool, tokens); err != nil {
		t.Error(err)
	}
	r.client = r.newClient()
	r.faults.Set(discoveryPath, authtest.RewriteJSON(func(m map[string]any) { delete(m, "userinfo_endpoint") }))
	_, err := r.client.UserInfo(t.Context(), r.tool, tokens)
	wantError(t, err, auth.KindSetup, "no_userinfo")
}
