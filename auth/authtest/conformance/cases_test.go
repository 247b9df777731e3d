package conformance_test

import (
	"net/http"
	"strings"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// test is one of the suite's tests.
type test struct {
	name    string
	wants   string            // what the suite wants: accept, reject, or either
	want    string            // what Keyfob does
	mode    string            // the one response mode that it is about, or empty
	prepare func(*rig)        // before anybody signs in
	run     func(*rig) string // nil is a sign-in
}

// idToken has a token signed by the provider's only key, after edit.
func idToken(edit func(header, claims map[string]any)) func(*rig) {
	return func(r *rig) {
		r.keys(r.rsa)
		r.sign(r.rsa, edit)
	}
}

// tokenTests are about what comes with a sign-in.
var tokenTests = []test{
	{name: "oidcc-client-test", wants: "accept", want: "accepted", run: func(r *rig) string {
		got := r.signIn()
		if r.faults.Seen("/token") != 1 || r.faults.Seen("/userinfo") != 0 || r.snapshot().Account != "ada@example.com" {
			r.Errorf(
				"%d token requests, %d to UserInfo, signed in as %s",
				r.faults.Seen("/token"),
				r.faults.Seen("/userinfo"),
				r.snapshot().Account,
			)
		}
		return got
	}},

	// The ID token's claims.
	{
		name:    "oidcc-client-test-invalid-iss",
		wants:   "reject",
		want:    "rejected: protocol id_token_issuer",
		prepare: idToken(func(_, c map[string]any) { c["iss"] = c["iss"].(string) + "1" }),
	},
	{
		name:    "oidcc-client-test-missing-sub",
		wants:   "reject",
		want:    "rejected: protocol id_token_subject",
		prepare: idToken(claim("sub", nil)),
	},
	{
		name:    "oidcc-client-test-invalid-aud",
		wants:   "reject",
		want:    "rejected: protocol id_token_audience",
		prepare: idToken(claim("aud", "somebody-else")),
	},
	{
		name:    "oidcc-client-test-missing-aud",
		wants:   "reject",
		want:    "rejected: protocol id_token_audience",
		prepare: idToken(claim("aud", nil)),
	},
	{
		name:    "oidcc-client-test-missing-iat",
		wants:   "reject",
		want:    "rejected: protocol id_token_issued_at",
		prepare: idToken(claim("iat", nil)),
	},
	{
		name:    "oidcc-client-test-nonce-invalid",
		wants:   "reject",
		want:    "rejected: protocol id_token_nonce",
		prepare: idToken(func(_, c map[string]any) { c["nonce"] = c["nonce"].(string) + "1" }),
	},
	{
		name:    "oidcc-client-test-invalid-athash",
		wants:   "reject",
		want:    "rejected: protocol id_token_at_hash",
		prepare: idToken(claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")),
	},

	// Its signature.
	{name: "oidcc-client-test-idtoken-sig-rs256", wants: "accept", want: "accepted", prepare: idToken(nil)},
	{name: "oidcc-client-test-idtoken-sig-none", wants: "either", want: "rejected: protocol id_token_algorithm", prepare: func(r *rig) {
		r.metadata("id_token_signing_alg_values_supported", []string{"none", "RS256"})
		r.sign(authtest.Unsigned(), nil)
	}},
	{name: "oidcc-client-test-invalid-sig-rs256", wants: "reject", want: "rejected: protocol id_token_signature", prepare: func(r *rig) {
		r.faults.Set("/token", authtest.RewriteJSON(damage))
	}},
	{name: "oidcc-client-test-invalid-sig-es256", wants: "reject", want: "rejected: protocol id_token_signature", prepare: func(r *rig) {
		r.tool.ClientID = "ec"
		r.faults.Set("/token", authtest.RewriteJSON(damage))
	}},
	{name: "oidcc-client-test-invalid-sig-hs256", wants: "reject", want: "rejected: protocol id_token_algorithm", prepare: func(r *rig) {
		r.tool.ClientID, r.tool.ClientAuth = "confidential", auth.ClientAuthHeader
		r.metadata("id_token_signing_alg_values_supported", []string{"HS256", "RS256"})
		r.sign(authtest.NewMAC("", []byte("not "+clientSecret)), func(h, _ map[string]any) { delete(h, "kid") })
	}},
	{name: "oidcc-client-test-kid-absent-single-jwks", wants: "accept", want: "accepted", prepare: func(r *rig) {
		// One key of each kind, none with a name: one alone can have made an
		// RS256 signature.
		rsa, ec := authtest.NewSigner("RS256", ""), authtest.NewSigner("ES256", "")
		r.faults.Set("/jwks", authtest.Answer(http.StatusOK, `{"keys":[`+strings.Join([]string{
			r.jwk(ec), r.jwk(rsa),
			`{"kty":"EC","use":"sig","crv":"secp256k1","x":"eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g","y":"SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg"}`,
			`{"kty":"OKP","use":"sig","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`,
		}, ",")+`]}`, "Content-Type", "application/json"))
		r.sign(rsa, func(h, _ map[string]any) { delete(h, "kid") })
	}},
	{name: "oidcc-client-test-kid-absent-multiple-jwks", wants: "either", want: "rejected: protocol id_token_kid", prepare: func(r *rig) {
		r.keys(r.rsa, r.next)
		r.sign(r.next, func(h, _ map[string]any) { delete(h, "kid") })
	}},

	// The client's own name.
	{name: "oidcc-client-test-client-secret-basic", wants: "accept", want: "accepted", prepare: func(r *rig) {
		r.tool.ClientID, r.tool.ClientAuth = "confidential", auth.ClientAuthHeader
		r.faults.Set("/token", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			if _, _, ok := req.BasicAuth(); !ok {
				r.Error("the client's secret is not in the header")
			}
			next.ServeHTTP(w, req)
		})
	}},

	// UserInfo, which is asked only where the ID token holds no name.
	{
		name:    "oidcc-client-test-scope-userinfo-claims",
		wants:   "accept",
		want:    "accepted",
		prepare: idToken(nameless),
		run:     named("ada@example.com", nil),
	},
	{
		name:    "oidcc-client-test-userinfo-bearer-header",
		wants:   "accept",
		want:    "accepted",
		prepare: idToken(nameless),
		run: named("ada@example.com", func(r *rig) authtest.Fault {
			return func(w http.ResponseWriter, req *http.Request, next http.Handler) {
				if !strings.HasPrefix(req.Header.Get("Authorization"), "Bearer ") || req.URL.RawQuery != "" || req.ContentLength > 0 {
					r.Errorf("asked by %s %s", req.Method, req.URL)
				}
				next.ServeHTTP(w, req)
			}
		}),
	},
	{
		name:    "oidcc-client-test-userinfo-signed",
		wants:   "accept",
		want:    "accepted",
		prepare: idToken(nameless),
		run:     named("ada@example.com", signedUserInfo),
	},
	{
		name:    "oidcc-client-test-userinfo-invalid-sub",
		wants:   "reject",
		want:    "UserInfo rejected: protocol userinfo_subject; signed in without its names",
		prepare: idToken(nameless),
		run: func(r *rig) string {
			r.faults.Set("/userinfo", authtest.RewriteJSON(func(m map[string]any) { m["sub"] = m["sub"].(string) + "1" }))
			got := r.signIn()
			kept, err := r.store.Load(r.Context(), "tool")
			if err != nil || kept.Account.Label() != kept.Account.Subject || r.faults.Seen("/userinfo") != 1 {
				r.Errorf("%s, as %+v: %v", got, kept.Account, err)
			}
			account, err := r.client.UserInfo(r.Context(), r.tool, kept)
			if account != (auth.Account{}) {
				r.Errorf("taken: %+v", account)
			}
			if got == "accepted" {
				got = "UserInfo " + rejected(err) + "; signed in without its names"
			}
			return got
		},
	},
	{
		name:  "oidcc-client-test-form-post-error",
		wants: "an error shown",
		want:  "rejected: sign_in login_required",
		mode:  "form_post",
		prepare: func(r *rig) {
			r.tool.Params["prompt"], r.tool.Params["max_age"] = "none", "0"
		},
	},
}

// named is a sign-in whose names come from UserInfo, over fault.
func named(label string, fault func(*rig) authtest.Fault) func(*rig) string {
	return func(r *rig) string {
		if fault != nil {
			r.faults.Set("/userinfo", fault(r))
		}
		got := r.signIn()
		if s := r.snapshot(); s.Account != label || r.faults.Seen("/userinfo") != 1 {
			r.Errorf("signed in as %s after %d requests to UserInfo", s.Account, r.faults.Seen("/userinfo"))
		}
		return got
	}
}

// signedUserInfo answers as a provider does that signs its UserInfo answers for
// the client. Whom it is about is taken from the provider's own answer.
func signedUserInfo(r *rig) authtest.Fault {
	return func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		var claims map[string]any
		authtest.RewriteJSON(func(m map[string]any) { claims = m })(discard{http.Header{}}, req, next)
		claims["iss"], claims["aud"] = r.tool.Issuer, r.tool.ClientID
		authtest.Answer(
			http.StatusOK,
			r.rsa.Sign(map[string]any{"alg": "RS256", "kid": "one"}, claims),
			"Content-Type",
			"application/jwt",
		)(
			w,
			req,
			next,
		)
	}
}

// discard is an answer that goes nowhere.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
