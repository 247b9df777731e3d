package config_test

import (
	"slices"
	"testing"

	"keyfob/auth"
)

func TestClientAuthAndGrant(t *testing.T) {
	const tool = "[tools.a]\nissuer = \"https://x.example.com\"\nclient_id = \"x\"\n"
	for _, test := range []struct {
		text   string
		auth   auth.ClientAuth
		grant  auth.Grant
		scopes []string
	}{
		{"", auth.ClientAuthNone, auth.GrantCode, []string{"openid"}},
		{"client_auth = \"none\"\n", auth.ClientAuthNone, auth.GrantCode, []string{"openid"}},
		{"client_auth = \"form\"\n", auth.ClientAuthForm, auth.GrantCode, []string{"openid"}},
		{"client_auth = \"header\"\n", auth.ClientAuthHeader, auth.GrantCode, []string{"openid"}},
		{"client_auth = \"query\"\n", auth.ClientAuthQuery, auth.GrantCode, []string{"openid"}},
		{"grant = \"client_credentials\"\n", auth.ClientAuthHeader, auth.GrantService, nil},
		{
			"grant = \"client_credentials\"\nclient_auth = \"form\"\nscopes = [\"api\"]\n", auth.ClientAuthForm, auth.GrantService,
			[]string{"api"},
		},
		{"grant = \"authorization_code\"\n", auth.ClientAuthNone, auth.GrantCode, []string{"openid"}},
	} {
		s := load(t, tool+test.text)
		if len(s.Tools) != 1 {
			t.Errorf("%q: %v", test.text, s.Bad)
			continue
		}
		if got := s.Tools[0]; got.ClientAuth != test.auth || got.Grant != test.grant || !slices.Equal(got.Scopes, test.scopes) {
			t.Errorf("%q: %s, %q, %q", test.text, got.ClientAuth, got.Grant, got.Scopes)
		}
	}
}
