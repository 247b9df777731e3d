package config_test

import (
	"strings"
	"testing"

	"keyfob/app/config"
	"keyfob/auth"
)

// good is a tool that must survive whatever is wrong with another one.
const good = "[tools.good]\nname = \"Good\"\nissuer = \"https://sso.example.com\"\nclient_id = \"x\"\n"

// TestBadFile holds the words for faults of the file as a whole. These
// texts are what a person reads: judge a change by reading it.
func TestBadFile(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{
			"unknown key in a tool", good + "\n[tools.plant4]\nisuer = \"https://x\"\n",
			`FILE:7:1: unknown key "isuer" in [tools.plant4]: did you mean "issuer"?`,
		},
		{
			"unknown key of another style", "[tools.plant4]\n  clientId = \"x\"\n",
			`FILE:2:3: unknown key "clientId" in [tools.plant4]: did you mean "client_id"?`,
		},
		{
			"unknown key in an inline table", "tools = { plant4 = { scope = [] } }\n",
			`FILE:1:22: unknown key "scope" in [tools.plant4]: did you mean "scopes"?`,
		},
		{
			"unknown dotted key", "[tools]\nplant4.redirect_uri = \"x\"\n",
			`FILE:2:8: unknown key "redirect_uri" in [tools.plant4]: did you mean "redirect"?`,
		},
		{"unknown key like nothing", "[clipboard]\nfoo = 1\n", `FILE:2:1: unknown key "foo" in [clipboard]: known here are clear_after`},
		{"unknown table", "[reminder]\nbefore = [\"5m\"]\n", `FILE:1:2: unknown key "reminder": did you mean "reminders"?`},
		{"tool without tools", "[plant4]\nname = \"x\"\n", `FILE:1:2: unknown key "plant4": write [tools.plant4] if this is a tool`},
		{
			"tool key at the top", "issuer = \"https://x\"\n",
			`FILE:1:1: unknown key "issuer": put it under the [tools.ID] that it belongs to`,
		},
		{
			"secret", "[tools.plant4]\nclient_secret = \"hunter2\"\n",
			`FILE:2:1: unknown key "client_secret" in [tools.plant4]: remove it, no secret belongs in this file`,
		},
		{
			"odd ID around an unknown key", "[tools.\"Plant 4\"]\nfoo = 1\n",
			`FILE:2:1: unknown key "foo" in [tools."Plant 4"]: known here are name, home, api, provider, issuer, client_id, ` +
				`client_auth, grant, scopes, mandatory_scopes, redirect, ports, audience, trusted_audiences, params, ca_file, ` +
				`client_secret_expires, post_logout_redirect, retrigger_on_scopes_removal, session_bound, tenant, policy, host, ` +
				`resource, domain, realm, server, pool, region, authorize_uri, token_uri, jwks_uri, end_session_uri, revocation_uri, ` +
				`expect_issuer`,
		},

		{"duplicate tool", good + "\n" + good, `FILE:6:8: [tools.good] is there twice, first on line 1: rename or remove one of them`},
		{
			"duplicate tool after its part", "[tools.a.params]\n[tools.a]\n[tools.b]\n[tools.b]\n",
			`FILE:4:8: [tools.b] is there twice, first on line 3: rename or remove one of them`,
		},
		{
			"duplicate key", "[tools.a]\nname = \"A\"\nname = \"B\"\n",
			`FILE:3:1: "name" in [tools.a] is there twice, first on line 2: rename or remove one of them`,
		},
		{
			"duplicate key in an inline table", "[tools.a]\nparams = { x = \"1\", x = \"2\" }\n",
			`FILE:2:21: "x" in [tools.a.params] is there twice, first on line 2: rename or remove one of them`,
		},

		{
			"no quotes", "[tools.a]\nname = Plant\n",
			`FILE:2:8: not valid TOML, unexpected character U+0050 'P' at start of value: put text in quotes and each setting on a ` +
				`line of its own`,
		},
		{
			"Windows path", "[tools.a]\nca_file = \"C:\\certs\\ca.pem\"\n",
			`FILE:2:14: not valid TOML, invalid escape character U+0063 'c': write text with backslashes in 'single quotes'`,
		},
		{"open bracket", "[tools.a\nname = 1\n", `FILE:1:9: not valid TOML, expected ']' to close table name: fix this line`},
		{"open quote", "[tools.a]\nname = \"Plant 4\n", `FILE:2:16: not valid TOML, basic strings cannot have new lines: fix this line`},
		{"JSON", "{\"tools\": {}}\n", `FILE:1:1: not valid TOML, invalid character at start of key: U+007B '{': fix this line`},
		{"binary", "\x00\x01\x02", `FILE:1:1: not valid TOML, invalid character at start of key: U+0000: fix this line`},

		{"tools as a value", "tools = 3\n", `FILE:1:1: "tools" is a number, not a table: write each tool as [tools.ID]`},
		{"reminders as a value", "reminders = \"5m\"\n", `FILE:1:1: [reminders] is text, not a table: begin it with a line [reminders]`},
		{
			"reminders not a list", "[reminders]\nbefore = \"5m\"\n",
			`FILE:2:1: "before" is text, not a list: write it as before = ["…", "…"]`,
		},
		{
			"reminder a number", "[reminders]\nbefore = [5]\n",
			`FILE:2:1: "before" holds a number where text belongs: write it as before = ["…", "…"]`,
		},
		{
			"reminder without a unit", "[reminders]\nbefore = [\"15\"]\n",
			`FILE:2:1: "before": "15" is not a time span: write it like "15m", "45s" or "1h30m"`,
		},
		{
			"reminder in the past", "[reminders]\nbefore = [\"-5m\"]\n",
			`FILE:2:1: "before": "-5m" is not between 1s and 168h: choose a time span in between`,
		},
		{
			"clear_after a number", "[clipboard]\nclear_after = 45\n",
			`FILE:2:1: "clear_after" is a number, not text: write it in quotes: clear_after = "…"`,
		},
		{
			"clear_after too long", "[clipboard]\nclear_after = \"48h\"\n",
			`FILE:2:1: "clear_after": "48h" is not between 0s and 24h: choose a time span in between`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.text)
			_, err := config.Load(path)
			if err == nil {
				t.Fatal("loaded")
			}
			if auth.KindOf(err) != auth.KindSetup {
				t.Errorf("kind %q", auth.KindOf(err))
			}
			if got := strings.ReplaceAll(err.Error(), path, "FILE"); got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
		})
	}
}
