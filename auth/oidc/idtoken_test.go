package oidc_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

func constant(s string) func(context.Context, auth.Tool) (auth.Secret, error) {
	return func(context.Context, auth.Tool) (auth.Secret, error) { return auth.Secret(s), nil }
}

// num reads a NumericDate of a real ID token.
func num(v any) int64 {
	n, err := v.(json.Number).Int64()
	if err != nil {
		panic(err)
	}
	return n
}

func TestIDTokenClaims(t *testing.T) {
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	set := func(name string, value any) func(_, claims map[string]any) {
		return func(_, claims map[string]any) {
			claims[name] = value
			if value == nil {
				delete(claims, name)
			}
		}
	}
	shift := func(name string, d time.Duration) func(_, claims map[string]any) {
		return func(_, claims map[string]any) { claims[name] = num(claims["iat"]) + int64(d/time.Second) }
	}
	for name, tc := range map[string]struct {
		edit func(header, claims map[string]any)
		code string // empty: accepted
	}{
		"as it is":                  {nil, ""},
		"issuer missing":            {set("iss", nil), "id_token_issuer"},
		"issuer wrong":              {set("iss", "https://evil.example.com"), "id_token_issuer"},
		"issuer with a slash":       {set("iss", r.tool.Issuer+"/"), "id_token_issuer"},
		"subject missing":           {set("sub", nil), "id_token_subject"},
		"subject empty":             {set("sub", ""), "id_token_subject"},
		"subject a number":          {set("sub", 7), "id_token_subject"},
		"subject with a line break": {set("sub", "a\nb"), "id_token_subject"},
		"subject miscased":          {func(_, c map[string]any) { c["SUB"] = c["sub"]; delete(c, "sub") }, "id_token_subject"},
		"audience missing":          {set("aud", nil), "id_token_audience"},
		"audience wrong":            {set("aud", "other"), "id_token_audience"},
		"audience empty":            {set("aud", []string{}), "id_token_audience"},
		"audience a list of us":     {set("aud", []string{"renews"}), ""},
		"audience beside ours":      {set("aud", []string{"renews", "other"}), "id_token_audience"},
		"azp missing":               {set("azp", nil), ""},
		"azp foreign":               {set("azp", "other"), "id_token_audience"},
		"azp a list":                {set("azp", []string{"renews"}), "id_token_audience"},
		"issued never":              {set("iat", nil), "id_token_issued_at"},
		"issued in words":           {set("iat", "today"), "id_token_issued_at"},
		"expires never":             {set("exp", nil), "id_token_expiry"},
		"expired 30 s ago":          {shift("exp", -30*time.Second), ""},
		"expired 60 s ago":          {shift("exp", -60*time.Second), ""},
		"expired 61 s ago":          {shift("exp", -61*time.Second), "id_token_expired"},
		"expired 90 s ago":          {shift("exp", -90*time.Second), "id_token_expired"},
		"valid from a minute on":    {shift("nbf", time.Minute), ""},
		"valid from an hour on":     {shift("nbf", time.Hour), "id_token_not_before"},
		"valid from some day on":    {set("nbf", "tomorrow"), "id_token_not_before"},
		"nonce missing":             {set("nonce", nil), "id_token_nonce"},
		"nonce wrong":               {set("nonce", "x"), "id_token_nonce"},
		"at_hash missing":           {set("at_hash", nil), ""},
		"at_hash null":              {func(_, c map[string]any) { c["at_hash"] = nil }, ""},
		"at_hash wrong":             {set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "id_token_at_hash"},
		"at_hash empty":             {set("at_hash", ""), "id_token_at_hash"},
		"key in the header":         {func(h, _ map[string]any) { h["jwk"] = mine.JWK() }, ""},
		"critical extension":        {func(h, _ map[string]any) { h["crit"] = []string{"x"}; h["x"] = 1 }, "id_token_signature"},
		"key unknown":               {func(h, _ map[string]any) { h["kid"] = "other" }, "id_token_signature"},
		"key not named":             {func(h, _ map[string]any) { delete(h, "kid") }, ""},
		"claims kept elsewhere":     {set("_claim_names", map[string]string{"groups": "src1"}), ""},
		"odd claims of no use": {func(_, c map[string]any) {
			c["_claim_names"], c["_claim_sources"], c["name"], c["acr"] = 7, "x", 1, nil
		}, ""},
		"issuer miscased": {func(_, c map[string]any) { c["ISS"] = c["iss"]; delete(c, "iss") }, "id_token_issuer"},
		"a second issuer, miscased": {
			func(_, c map[string]any) { c["ISS"] = c["iss"]; c["iss"] = "https://evil.example.com" },
			"id_token_issuer",
		},
		"audience miscased": {func(_, c map[string]any) { c["Aud"] = c["aud"]; delete(c, "aud") }, "id_token_audience"},
		"expiry miscased":   {func(_, c map[string]any) { c["Exp"] = c["exp"]; c["exp"] = num(c["iat"]) - 90 }, "id_token_expired"},
		"at_hash miscased": {
			func(_, c map[string]any) { c["AT_HASH"] = c["at_hash"]; c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" }, "id_token_at_hash",
		},
		"another's claims, miscased": {func(_, c map[string]any) {
			c["ISS"], c["AUD"], c["SUB"], c["EXP"], c["NBF"], c["AZP"], c["Nonce"] = "x", "x", 7, "x", "x", "x", 7
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/token", authtest.RewriteIDToken(tc.edit, mine))
			tokens, err := r.exchange()
			if tc.code == "" {
				if err != nil || tokens.Account.Subject == "" {
					t.Errorf("refused: %v", err)
				}
				return
			}
			wantError(t, err, auth.KindProtocol, tc.code)
			if tokens.Access != "" || tokens.Refresh != "" {
				t.Error("tokens came with the error")
			}
		})
	}
}

func TestIDTokenSignatures(t *testing.T) {
	rs, es := authtest.NewSigner("RS256", "rs"), authtest.NewSigner("ES256", "es")
	es2 := authtest.NewSigner("ES256", "es2")
	stranger := authtest.NewSigner("RS256", "rs")
	der, err := x509.MarshalPKIXPublicKey(rs.JWK().Key.(*rsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := json.Marshal(rs.JWK())
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t)
	// The metadata allows everything, so that nothing but the token decides.
	r.faults.Set(discoveryPath, authtest.RewriteJSON(func(m map[string]any) {
		m["id_token_signing_alg_values_supported"] = append(oidc.Algorithms(), "none", "HS256")
	}))
	r.faults.Set("/jwks", authtest.Keys(rs, es, es2))
	elsewhere := r.callback
	for name, tc := range map[string]struct {
		signer *authtest.Signer
		edit   func(header, claims map[string]any)
		code   string
	}{
		"RSA":                          {rs, nil, ""},
		"EC":                           {es, nil, ""},
		"stranger's key":               {stranger, nil, "id_token_signature"},
		"stranger's key in the header": {stranger, func(h, _ map[string]any) { h["jwk"] = stranger.JWK() }, "id_token_signature"},
		"stranger's key by address": {stranger, func(h, _ map[string]any) {
			h["jku"], h["x5u"] = elsewhere, elsewhere
		}, "id_token_signature"},
		"unsigned": {authtest.Unsigned(), nil, "id_token_algorithm"},
		"unsigned, said to be signed": {
			authtest.Unsigned(), func(h, _ map[string]any) { h["alg"], h["kid"] = "RS256", "rs" },
			"id_token_signature",
		},
		"MAC with the public key":  {authtest.NewMAC("rs", der), nil, "id_token_algorithm"},
		"MAC with the key as JSON": {authtest.NewMAC("rs", jwk), nil, "id_token_algorithm"},
		"other key's algorithm":    {rs, func(h, _ map[string]any) { h["alg"] = "ES256" }, "id_token_signature"},
		"other key's name":         {rs, func(h, _ map[string]any) { h["kid"] = "es" }, "id_token_signature"},
		"no algorithm":             {rs, func(h, _ map[string]any) { delete(h, "alg") }, "id_token_algorithm"},
		"key not named, one RSA":   {rs, func(h, _ map[string]any) { delete(h, "kid") }, ""},
		"key not named, two EC":    {es, func(h, _ map[string]any) { delete(h, "kid") }, "id_token_kid"},
		"key name empty, two EC":   {es2, func(h, _ map[string]any) { h["kid"] = "" }, "id_token_kid"},
	} {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/token", authtest.RewriteIDToken(tc.edit, tc.signer))
			_, err := r.exchange()
			if tc.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantError(t, err, auth.KindProtocol, tc.code)
		})
		select {
		case q := <-r.answers:
			t.Errorf("%s: an address in the token was fetched: %v", name, q)
		default:
		}
	}
	t.Run("changed after signing", func(t *testing.T) {
		r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) {
			parts := strings.Split(rs.Sign(map[string]any{"alg": "RS256", "kid": "rs"}, map[string]any{"sub": "a"}), ".")
			other := strings.Split(rs.Sign(map[string]any{"alg": "RS256", "kid": "rs"}, map[string]any{"sub": "b"}), ".")
			m["id_token"] = parts[0] + "." + other[1] + "." + parts[2]
		}))
		_, err := r.exchange()
		wantError(t, err, auth.KindProtocol, "id_token_signature")
	})
}

func TestMaxAge(t *testing.T) {
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	r.tool.Params = map[string]string{"max_age": "600"}
	for age, code := range map[time.Duration]string{
		0: "", 600 * time.Second: "", 660 * time.Second: "", 661 * time.Second: "id_token_auth_time", -1: "id_token_auth_time",
	} {
		r.faults.Set("/token", authtest.RewriteIDToken(func(_, c map[string]any) {
			c["auth_time"] = num(c["iat"]) - int64(age/time.Second)
			if age < 0 {
				delete(c, "auth_time")
			}
		}, mine))
		_, err := r.exchange()
		if code != "" {
			wantError(t, err, auth.KindProtocol, code)
		} else if err != nil {
			t.Errorf("%v: %v", age, err)
		}
	}
}

func TestAccountIsFitForOneLine(t *testing.T) {
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	r.faults.Set("/token", authtest.RewriteIDToken(func(_, c map[string]any) {
		c["name"] = " Ada\r\n\u202eLovelace\x00 "
		c["email"] = strings.Repeat("ä", 300)
		delete(c, "preferred_username")
		c["unique_name"] = `EXAMPLE\ada`
	}, mine))
	a := r.signIn().Account
	if a.Name != "Ada Lovelace" || a.Email != strings.Repeat("ä", 199)+"…" || a.Username != `EXAMPLE\ada` {
		t.Errorf("got %+v", a)
	}
}
