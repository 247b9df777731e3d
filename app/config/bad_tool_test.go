package config_test

import (
	"strings"
	"testing"

	"keyfob/auth"
)

// bare is the table of a tool that lacks only what the case is about.
const bare = "[tools.bad]\nissuer = \"https://sso.example.com\"\nclient_id = \"x\"\n"

// badTool is a tool's table in a settings file, and what Keyfob says of it.
type badTool struct{ name, text, want string }

// saysOf checks what Keyfob says of each tool, alone and behind a good one.
func saysOf(t *testing.T, tools []badTool) {
	t.Helper()
	for _, tt := range tools {
		t.Run(tt.name, func(t *testing.T) {
			// The good tool stands first, which moves every line by five.
			s := load(t, good+"\n"+tt.text)
			if len(s.Tools) != 1 || s.Tools[0].ID != "good" {
				t.Fatalf("the good tool is hidden: %+v", s.Tools)
			}
			if len(s.Bad) != 1 {
				t.Fatalf("bad tools: %+v", s.Bad)
			}
			alone := load(t, tt.text) // for positions that read naturally
			if strings.Contains(tt.want, "taken by") {
				alone = s
			}
			if len(alone.Bad) != 1 {
				t.Fatalf("alone, bad tools: %+v", alone.Bad)
			}
			want := tt.want
			if alone == s {
				want = strings.Replace(want, "toml:4:", "toml:9:", 1)
			}
			bad := alone.Bad[0]
			if got := bad.Err.Error(); got != want {
				t.Errorf("\ngot  %s\nwant %s", got, want)
			}
			if s.Bad[0].Line != bad.Line+5 && alone != s {
				t.Errorf("line %d alone, %d behind five lines", bad.Line, s.Bad[0].Line)
			}
			if bad.Err.Kind != auth.KindSetup || bad.Name == "" && bad.ID != "" {
				t.Errorf("kind %q, name %q", bad.Err.Kind, bad.Name)
			}
		})
	}
}

func TestBadTool(t *testing.T) {
	saysOf(t, []badTool{
		{
			"preset without what it needs", "[tools.bad]\nprovider = \"keycloak\"\nhost = \"sso.example.com\"\nclient_id = \"x\"\n",
			`keyfob.toml:1:8: the provider "keycloak" needs realm: give host = "sso.example.com" and realm = "plant"`,
		},
		{
			"preset with another's key", "[tools.bad]\nprovider = \"entra\"\nclient_id = \"x\"\nrealm = \"plant\"\n",
			`keyfob.toml:4:1: the provider "entra" does not accept "realm": give tenant = "11111111-2222-3333-4444-555555555555"`,
		},
		{
			"a preset's key without it", bare + "tenant = \"x\"\n",
			`keyfob.toml:4:1: the provider "oidc" does not accept "tenant": give issuer = "https://…"`,
		},
		{
			"preset's value not text", "[tools.bad]\nprovider = \"entra\"\nclient_id = \"x\"\ntenant = 5\n",
			`keyfob.toml:4:1: "tenant" is a number, not text: write it in quotes: tenant = "…"`,
		},
		{
			"preset's value a URL", "[tools.bad]\nprovider = \"okta\"\nclient_id = \"x\"\ndomain = \"http://example.okta.com\"\n",
			`keyfob.toml:4:1: domain: "http://example.okta.com" is plain http: write it like "example.okta.com"`,
		},
		{
			"scope that a preset refuses", "[tools.bad]\nprovider = \"google\"\nclient_id = \"x\"\nscopes = [\"offline_access\"]\n",
			`keyfob.toml:4:1: Google refuses the scope offline_access: remove it, a refresh token comes without it`,
		},
		{"unknown provider", "[tools.bad]\nprovider = \"oicd\"\n", `keyfob.toml:2:1: unknown provider "oicd": did you mean "oidc"?`},
		{
			"unknown provider like nothing", "[tools.bad]\nprovider = \"github\"\n",
			`keyfob.toml:2:1: unknown provider "github": use provider = "oidc" with issuer = "…"`,
		},
		{
			"address plain http", bare + "token_uri = \"http://sso.example.com/t\"\n",
			`keyfob.toml:4:1: token_uri: the address "http://sso.example.com/t" is plain http, which is allowed on this machine's ` +
				`loopback only: use an https address`,
		},
		{
			"some addresses and no issuer", "[tools.bad]\nclient_id = \"x\"\ntoken_uri = \"https://sso.example.com/t\"\n",
			`keyfob.toml:1:8: addresses without discovery need all of authorize_uri, token_uri, jwks_uri and expect_issuer: add what ` +
				`is missing, or an issuer to ask for it`,
		},
		{
			"all addresses and no issuer",
			"[tools.bad]\nclient_id = \"x\"\nauthorize_uri = \"https://a\"\ntoken_uri = \"https://a\"\njwks_uri = \"https://a\"\n",
			`keyfob.toml:3:1: addresses without discovery need expect_issuer, which the ID tokens must name: add expect_issuer = ` +
				`"https://…"`,
		},
		{
			"expected issuer no URL", bare + "expect_issuer = \"contoso\"\n",
			`keyfob.toml:4:1: expect_issuer: the address "contoso" has no host: use an https address`,
		},

		{
			"no client_id", "[tools.bad]\nissuer = \"https://sso.example.com\"\n",
			`keyfob.toml:1:8: [tools.bad] has no client_id: ask whoever registered this client at the provider`,
		},
		{
			"empty client_id", "[tools.bad]\nissuer = \"https://sso.example.com\"\nclient_id = \"\"\n",
			`keyfob.toml:3:1: [tools.bad] has no client_id: ask whoever registered this client at the provider`,
		},
		{
			"client_id with a space", "[tools.bad]\nissuer = \"https://sso.example.com\"\nclient_id = \"x \"\n",
			`keyfob.toml:3:1: "client_id" begins or ends with a space: remove the space`,
		},
		{
			"client_id left out", "[tools.bad]\nissuer = \"https://sso.example.com\"\nclient_id = \"…\"\n",
			`keyfob.toml:3:1: the client_id "…" holds characters outside of ASCII: copy it again from the provider`,
		},
		{
			"client_auth unknown", bare + "client_auth = \"basic\"\n",
			`keyfob.toml:4:1: unknown client_auth "basic": use "none", "form" or "header"`,
		},
		{
			"grant unknown", bare + "grant = \"password\"\n",
			`keyfob.toml:4:1: unknown grant "password": use grant = "client_credentials" for a service account, or leave it out`,
		},
		{
			"service account without secret", bare + "grant = \"client_credentials\"\nclient_auth = \"none\"\n",
			`keyfob.toml:5:1: a service account cannot go without a client secret: use client_auth = "header" or "form"`,
		},

		{
			"scopes as text", bare + "scopes = \"openid profile\"\n",
			`keyfob.toml:4:1: "scopes" is text, not a list: write it as scopes = ["…", "…"]`,
		},
		{
			"two scopes in one", bare + "scopes = [\"openid profile\"]\n",
			`keyfob.toml:4:1: "scopes": "openid profile" is not a scope: write one scope to each text of the list, without spaces`,
		},
		{
			"empty mandatory scope", bare + "mandatory_scopes = [\"\"]\n",
			`keyfob.toml:4:1: "mandatory_scopes": "" is not a scope: write one scope to each text of the list, without spaces`,
		},

		{
			"home plain http", bare + "home = \"http://plant.example.com\"\n",
			`keyfob.toml:4:1: home: the address "http://plant.example.com" is plain http, which is allowed on this machine's loopback ` +
				`only: use an https address`,
		},
		{
			"home a script", bare + "home = \"javascript:alert(1)\"\n",
			`keyfob.toml:4:1: home: the address "javascript:alert(1)" has no host: use an https address`,
		},
		{
			"home an option", bare + "home = \"--version\"\n",
			`keyfob.toml:4:1: home: the address "--version" is not a URL: use an https address`,
		},

		{
			"redirect with a port", bare + "redirect = \"http://localhost:8080/cb\"\n",
			`keyfob.toml:4:1: redirect: the address "http://localhost:8080/cb" carries a port: remove the port from it, and write ` +
				`ports = [8080] if the provider wants a fixed one`,
		},
		{
			"redirect elsewhere", bare + "redirect = \"http://keyfob.example.com/cb\"\n",
			`keyfob.toml:4:1: redirect: the address "http://keyfob.example.com/cb" is not on this machine's loopback: use 127.0.0.1, ` +
				`localhost or [::1] as its host`,
		},
		{
			"redirect https", bare + "redirect = \"https://localhost/cb\"\n",
			`keyfob.toml:4:1: redirect: the address "https://localhost/cb" does not begin with http://: use one like ` +
				`http://127.0.0.1/callback`,
		},
		{
			"redirect with a query", bare + "redirect = \"http://localhost/cb?x=1\"\n",
			`keyfob.toml:4:1: redirect: the address "http://localhost/cb?x=1" carries a query: use one like http://127.0.0.1/callback`,
		},
		{
			"redirect with a fragment", bare + "redirect = \"http://localhost/cb#\"\n",
			`keyfob.toml:4:1: redirect: the address "http://localhost/cb#" carries a fragment: use one like http://127.0.0.1/callback`,
		},
		{
			"redirect no URL", bare + "redirect = \"/callback\"\n",
			`keyfob.toml:4:1: redirect: the address "/callback" is not a URL: use one like http://127.0.0.1/callback`,
		},

		{"ports a number", bare + "ports = 8080\n", `keyfob.toml:4:1: "ports" is a number, not a list: write it as ports = [53682, 53683]`},
		{
			"port as text", bare + "ports = [\"8080\"]\n",
			`keyfob.toml:4:1: "ports" holds text where a port belongs: write it as ports = [53682, 53683]`,
		},
		{"port too large", bare + "ports = [65536]\n", `keyfob.toml:4:1: "ports": 65536 is not a port: use numbers from 1 to 65535`},
		{"port twice", bare + "ports = [8080, 8080]\n", `keyfob.toml:4:1: "ports" holds 8080 twice: remove one of them`},

		{
			"params as text", bare + "params = \"domain_hint=x\"\n",
			`keyfob.toml:4:1: "params" is text, not a table: write it as params = { domain_hint = "example.com" }`,
		},
		{
			"params with a number", bare + "[tools.bad.params]\nmax_age = 3600\n",
			`keyfob.toml:5:1: "max_age" is a number, not text: write it in quotes: max_age = "…"`,
		},
		{
			"params with another response mode", bare + "params = { response_mode = \"fragment\" }\n",
			`keyfob.toml:4:12: "params" sets response_mode to "fragment": use query or form_post`,
		},
		{
			"params with Response_Mode", bare + "params = { Response_Mode = \"query\" }\n",
			`keyfob.toml:4:12: "params" must not set "Response_Mode", which is set anew for each sign-in: remove it`,
		},
		{
			"params with state", bare + "params = { state = \"x\" }\n",
			`keyfob.toml:4:12: "params" must not set "state", which is set anew for each sign-in: remove it`,
		},
		{
			"params with redirect_uri in capitals", bare + "params = { Redirect_URI = \"x\" }\n",
			`keyfob.toml:4:12: "params" must not set "Redirect_URI", which is set anew for each sign-in: remove it`,
		},
		{
			"params with scope", bare + "params = { scope = \"x\" }\n",
			`keyfob.toml:4:12: "params" must not set "scope": use the tool's own key scopes`,
		},
		{
			"params with a secret", bare + "params = { client_secret = \"hunter2\" }\n",
			`keyfob.toml:4:12: "params" must not set "client_secret": remove it, no secret belongs in this file or in an address`,
		},
		{
			"params with an odd name", bare + "params = { \"a b\" = \"x\" }\n",
			`keyfob.toml:4:12: "params": "a b" is not a parameter's name: write it as params = { domain_hint = "example.com" }`,
		},

		{
			"name with a line break", bare + "name = \"a\\nb\"\n",
			`keyfob.toml:4:1: "name" holds a control character: keep it to one line of plain text`,
		},
		{
			"name taken", bare + "name = \"GOOD\"\n",
			`keyfob.toml:4:1: the name "GOOD" is taken by [tools.good]: give this tool another name`,
		},
		{
			"audience not a list", bare + "trusted_audiences = \"a\"\n",
			`keyfob.toml:4:1: "trusted_audiences" is text, not a list: write it as trusted_audiences = ["…", "…"]`,
		},
		{
			"audience of another type", bare + "trusted_audiences = [\"a\", 7]\n",
			`keyfob.toml:4:1: "trusted_audiences" holds a number where text belongs: write it as trusted_audiences = ["…", "…"]`,
		},
		{"audience empty", bare + "trusted_audiences = [\"\"]\n", `keyfob.toml:4:1: "trusted_audiences" holds an empty text: remove it`},
		{
			"any audience", bare + "trusted_audiences = [\"*\"]\n",
			`keyfob.toml:4:1: "trusted_audiences": "*" holds a *, and an audience is compared as it is: name each audience in full`,
		},
		{
			"audience twice", bare + "trusted_audiences = [\"a\", \"a\"]\n",
			`keyfob.toml:4:1: "trusted_audiences" holds "a" twice: remove one of them`,
		},
		{
			"audience not text", bare + "audience = true\n",
			`keyfob.toml:4:1: "audience" is true or false, not text: write it in quotes: audience = "…"`,
		},
		{
			"ca_file with a tilde", bare + "ca_file = \"~/ca.pem\"\n",
			`keyfob.toml:4:1: ca_file: "~/ca.pem" begins with ~, which is not replaced here: write the whole path`,
		},
		{
			"expiry as text", bare + "client_secret_expires = \"2027-03-01\"\n",
			`keyfob.toml:4:1: "client_secret_expires" is text, not a date: write it without quotes: client_secret_expires = 2027-03-01`,
		},
		{
			"tool as a value", "[tools]\nbad = 3\n",
			`keyfob.toml:2:1: [tools.bad] is a number, not a table: begin it with a line [tools.bad]`,
		},
		{"tool as a list", "[[tools.bad]]\n", `keyfob.toml:1:9: [tools.bad] is a list, not a table: begin it with a line [tools.bad]`},
		{
			"ID in capitals", "[tools.Plant4]\n",
			`keyfob.toml:1:8: the tool ID "Plant4" cannot be used: use 1 to 64 of a-z, 0-9, _ and -, not beginning with -`,
		},
		{
			"ID like an option", "[tools.-p]\n",
			`keyfob.toml:1:8: the tool ID "-p" cannot be used: use 1 to 64 of a-z, 0-9, _ and -, not beginning with -`,
		},
		{
			"ID empty", "[tools.\"\"]\n",
			`keyfob.toml:1:8: the tool ID "" cannot be used: use 1 to 64 of a-z, 0-9, _ and -, not beginning with -`,
		},
	})
}
