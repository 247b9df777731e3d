package config_test

import "testing"

func TestBadIssuer(t *testing.T) {
	saysOf(t, []badTool{
		{
			"no issuer", "[tools.bad]\nclient_id = \"x\"\n",
			`keyfob.toml:1:8: [tools.bad] names no issuer: add issuer = "https://…", the address of the identity provider`,
		},
		{
			"empty issuer", "[tools.bad]\nissuer = \"\"\n",
			`keyfob.toml:2:1: [tools.bad] names no issuer: add issuer = "https://…", the address of the identity provider`,
		},
		{
			"issuer is no URL", "[tools.bad]\nissuer = \"sso.example.com\"\n",
			`keyfob.toml:2:1: issuer: the address "sso.example.com" has no host: use an https address`,
		},
		{
			"issuer plain http", "[tools.bad]\nissuer = \"http://sso.example.com\"\n",
			`keyfob.toml:2:1: issuer: the address "http://sso.example.com" is plain http, which is allowed on this machine's loopback ` +
				`only: use an https address`,
		},
		{
			"issuer like loopback", "[tools.bad]\nissuer = \"http://127.0.0.1.example.com\"\n",
			`keyfob.toml:2:1: issuer: the address "http://127.0.0.1.example.com" is plain http, which is allowed on this machine's ` +
				`loopback only: use an https address`,
		},
		{
			"issuer with a query", "[tools.bad]\nissuer = \"https://sso.example.com/?x=1\"\n",
			`keyfob.toml:2:1: issuer: the address "https://sso.example.com/?x=1" carries a query: remove everything from the question ` +
				`mark on`,
		},
		{
			"issuer is the document behind a slash",
			"[tools.bad]\nissuer = \"https://sso.example.com/o/.well-known/openid-configuration/\"\n",
			`keyfob.toml:2:1: issuer: the address "https://sso.example.com/o/.well-known/openid-configuration/" is the discovery ` +
				`document's: remove /.well-known/openid-configuration`,
		},
		{
			"issuer is the document", "[tools.bad]\nissuer = \"https://sso.example.com/.well-known/openid-configuration\"\n",
			`keyfob.toml:2:1: issuer: the address "https://sso.example.com/.well-known/openid-configuration" is the discovery ` +
				`document's: remove /.well-known/openid-configuration`,
		},
		{
			"issuer a file", "[tools.bad]\nissuer = \"file:///etc/passwd\"\n",
			`keyfob.toml:2:1: issuer: the address "file:///etc/passwd" has no host: use an https address`,
		},
	})
}
