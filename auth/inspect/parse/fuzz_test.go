package parse_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
)

// FuzzTokens inspects tokens that say anything: what comes out is short, can be
// shown, crosses the socket unchanged, and holds neither token nor signature.
func FuzzTokens(f *testing.F) {
	f.Add(`{"alg":"RS256"}`, `{"iss":"https://sso.example.com","aud":["a","b"],"exp":1803906900,"x":{"y":[1,{"z":null}]}}`)
	f.Add(`{"alg":"none"}`, `{"x":"`+signature+`","y":["`+signature+`"],"z":{"`+signature+`":"refresh-canary-0123456789"}}`)
	f.Add(`{"alg":1,"alg":{}}`, `{"a":"\ud800\u0000\u202e`+"\xff"+`","a":-1e999,"":[[[[[[[[[[[]]]]]]]]]]]}`)
	f.Add(`{"alg":"x","nonce":"refresh\u002dcanary-0123456789"}`, `{"roles":"`+strings.Repeat("x, ", 2000)+`"}`)
	f.Add(`{}`, `not JSON`)
	f.Fuzz(func(t *testing.T, header, claims string) {
		tokens := auth.Tokens{
			Access: jwt(header, claims), ID: jwt(claims, header), Refresh: "refresh-canary-0123456789",
			Account: auth.Account{Subject: claims}, Scopes: strings.Fields(claims), Asked: strings.Fields(header), Expiry: noon,
		}
		in := parse.Tokens(tokens, auth.Tool{ID: "plant", MandatoryScopes: strings.Fields(claims)}, noon)
		out, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		if len(out) > 4<<20 {
			t.Fatalf("%d bytes", len(out))
		}
		var back inspect.Inspection
		if err := json.Unmarshal(out, &back); err != nil {
			t.Fatal(err)
		}
		texts := []string{back.Account.Subject}
		for _, s := range back.Scopes {
			texts = append(texts, s.Name)
		}
		all := append(back.Access.Header, back.Access.Claims...)
		if back.ID != nil {
			all = append(append(all, back.ID.Header...), back.ID.Claims...)
		}
		for _, c := range all {
			texts = append(texts, c.Name, c.Value, c.Meaning)
			if !c.At.IsZero() && (c.At.Year() < 1970 || c.At.Year() > 2243 || c.At.Location() != time.UTC) {
				t.Errorf("%s is %v", c.Name, c.At)
			}
		}
		for _, s := range texts {
			if utf8.RuneCountInString(s) > 700 || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("cannot be shown: %q", s)
			}
			if strings.Contains(s, signature) || strings.Contains(s, tokens.Refresh.Reveal()) ||
				strings.Contains(s, tokens.Access.Reveal()) {
				t.Errorf("holds a secret: %q", s)
			}
		}
	})
}
