package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/inspect/parse"
)

func TestScopes(t *testing.T) {
	for name, c := range map[string]struct {
		tokens auth.Tokens
		tool   auth.Tool
		want   string
		silent bool // the provider did not say
	}{
		"as asked": {
			auth.Tokens{Asked: []string{"openid", "plant"}, Scopes: []string{"plant", "openid"}},
			auth.Tool{},
			"openid asked granted, plant asked granted", false,
		},
		"not granted, unasked, mandatory": {
			auth.Tokens{Asked: []string{"openid", "plant"}, Scopes: []string{"openid", "email"}},
			auth.Tool{MandatoryScopes: []string{"plant", "late"}},
			"openid asked granted, plant asked mandatory, email granted, late mandatory", false,
		},
		"the provider says nothing": {
			auth.Tokens{Asked: []string{"openid", "offline_access"}},
			auth.Tool{},
			"openid asked granted, offline_access asked", true,
		},
		"Entra does not list these": {
			auth.Tokens{
				Asked: []string{"openid", "offline_access", "api://x/THINGWORX"}, Scopes: []string{"api://x/THINGWORX"},
				Refresh: "r", ID: "i",
			},
			auth.Tool{},
			"openid asked granted, offline_access asked granted, api://x/THINGWORX asked granted", false,
		},
		"Google calls them otherwise": {
			auth.Tokens{Asked: []string{"openid", "email"}, Scopes: []string{"https://www.googleapis.com/auth/userinfo.email", "openid"}},
			auth.Tool{},
			"openid asked granted, email asked granted", false,
		},
		"nobody noted what was asked": {
			auth.Tokens{Scopes: []string{"openid"}},
			auth.Tool{Scopes: []string{"openid", "plant"}},
			"openid asked granted, plant asked", false,
		},
		"twice, and strange": {
			auth.Tokens{Asked: []string{"a", "a"}, Scopes: []string{"a", "eyJhbGciOiJSUzI1NiJ9.x.y", "b\u202e"}},
			auth.Tool{},
			`a asked granted, (hidden) granted, b\u202e granted`, false,
		},
	} {
		in := parse.Tokens(c.tokens, c.tool, noon)
		var got []string
		for _, s := range in.Scopes {
			words := s.Name
			if s.Asked {
				words += " asked"
			}
			if s.Granted {
				words += " granted"
			}
			if s.Mandatory {
				words += " mandatory"
			}
			got = append(got, words)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
		if in.ScopesSaid == c.silent {
			t.Errorf("%s: said %t", name, in.ScopesSaid)
		}
	}
	var many []string
	for i := range 5000 {
		many = append(many, fmt.Sprint("scope", i))
	}
	if n := len(parse.Tokens(auth.Tokens{Scopes: many}, auth.Tool{}, noon).Scopes); n != 200 {
		t.Errorf("of 5000 scopes there are %d", n)
	}
}
