package ssosettings_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/config"
	"keyfob/app/setup/form"
)

// server is a file with one entry.
func server(fields string) string {
	return `{"BasicSettings": {"clientBaseUrl": "https://twx.example.com/Thingworx"}, ` +
		`"AuthorizationServersSettings": {"Azure AD": {` + fields + `}}}`
}

const address = `"authorizeUri": "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize", ` +
	`"tokenUri": "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token", `

// TestEntries checks what is taken of an entry and what is reported as left out.
func TestEntries(t *testing.T) {
	const (
		twx   = `[{name ThingWorx twx.example.com} {home https://twx.example.com/Thingworx} `
		taken = twx + `{provider entra} {tenant contoso.com} {client_id twx} `
	)
	for _, test := range []struct {
		name, fields string
		with         bool   // the secret was asked for
		settings     string // as fmt prints them; empty for an entry that is left
		said         []string
		secret       string
	}{
		{
			"public client", address + `"clientId": "twx", "clientAuthScheme": "none"`, true, taken + `{client_auth none}]`,
			[]string{"tokenUri is not needed"},
			"",
		},
		{
			"web client",
			address + `"clientId": "twx", "clientAuthScheme": "header", "clientSecret": "canary", "mandatoryScopes": ["a"]`, false,
			taken + `{client_auth header} {mandatory_scopes [a]}]`,
			[]string{
				"https://twx.example.com/Thingworx/oauth2_authorization_code_redirect",
				"have the redirect http://localhost/callback added",
			},
			"",
		},
		{
			"web client with its secret", address + `"clientId": "twx", "clientSecret": "canary"`, true, taken + `{client_auth form}]`,
			[]string{"register a native client"},
			"canary",
		},
		{
			"no secret in the file", address + `"clientId": "twx"`, true, taken + `{client_auth form}]`,
			[]string{"there is no clientSecret in the file"},
			"",
		},
		{
			"secret in a keystore", address + `"clientId": "twx", "clientSecret": "encrypt.client.secret"`, true,
			taken + `{client_auth form}]`,
			[]string{"reference into ThingWorx's keystore"},
			"",
		},
		{
			"secret not filled in", address + `"clientId": "twx", "clientSecret": "<secret>"`, true, taken + `{client_auth form}]`,
			[]string{"clientSecret is a placeholder"},
			"",
		},
		{
			"secret of a public client", address + `"clientId": "twx", "clientSecret": "canary", "clientAuthScheme": "none"`, true,
			taken + `{client_auth none}]`,
			[]string{"clientSecret is not used"},
			"",
		},
		{
			"secret in the address", address + `"clientId": "twx", "clientSecret": "canary", "clientAuthScheme": "query"`, false,
			taken + `{client_auth query}]`,
			[]string{"sends the secret inside of addresses, which proxies and servers keep in their logs"},
			"",
		},
		{
			"odd scheme", address + `"clientId": "twx", "clientAuthScheme": "mtls"`, false, taken + `{client_auth form}]`,
			[]string{"clientAuthScheme is none of form, header, query and none"},
			"",
		},
		{
			"odd keys", address + `"clientId": "twx", "clientAuthScheme": "none", "color": "red", "mandatoryScopes": "<scopes>"`,
			false, taken + `{client_auth none}]`,
			[]string{`"color" means nothing`, "mandatoryScopes holds placeholders"},
			"",
		},
		{
			"another host",
			`"authorizeUri": "https://fs.example.com/adfs/oauth2/authorize", "tokenUri": "https://evil.example.com/token", ` +
				`"clientId": "twx", "clientAuthScheme": "none"`, false,
			twx + `{provider adfs} {host fs.example.com} {client_id twx} {client_auth none}]`,
			[]string{"tokenUri lies on another host"},
			"",
		},
		{
			"old Microsoft addresses",
			`"authorizeUri": "https://login.microsoftonline.com/contoso.com/oauth2/authorize", ` +
				`"clientId": "twx", "clientAuthScheme": "none"`, false, taken + `{client_auth none}]`,
			[]string{"version 2 of the same tenant"},
			"",
		},
		{
			"retrigger",
			address + `"clientId": "twx", "clientAuthScheme": "none"}}, "BasicSettings": {` +
				`"clientBaseUrl": "https://twx.example.com/Thingworx", "retriggerOnScopesRemoval": true}, "x": {"y": {`, false,
			taken + `{client_auth none} {retrigger_on_scopes_removal true}]`, nil, "",
		},
		{
			"no client ID", address + `"clientId": "See information in the table below"`, false, "",
			[]string{"its clientId is a placeholder"},
			"",
		},
		{
			"no address", `"clientId": "twx", "authorizeUri": "https://<host>/as/authorization.oauth2"`, false, "",
			[]string{"its authorizeUri is a placeholder"},
			"",
		},
		{
			"half an address", `"clientId": "twx", "authorizeUri": "idp.example.com/authorize"`, false, "",
			[]string{"its authorizeUri is no address"},
			"",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := read(t, server(test.fields), test.with)
			all := s.Entries(&config.Settings{})
			if len(all) != 1 || all[0].Result.Tool != "azure-ad" {
				t.Fatalf("%+v", all)
			}
			e := all[0]
			got := ""
			if e.Settings != nil {
				got = fmt.Sprint(e.Settings)
			}
			if got != test.settings {
				t.Errorf("settings %s\nwant     %s", got, test.settings)
			}
			said := words(e.Result)
			for _, want := range test.said {
				if !strings.Contains(said, want) {
					t.Errorf("nothing says %q:\n%s", want, said)
				}
			}
			if (e.Result.Secret == form.SecretLeft) != (!test.with && strings.Contains(test.fields, "clientSecret")) {
				t.Errorf("of the secret it says %q", e.Result.Secret)
			}
			if e.Secret.Reveal() != test.secret {
				t.Errorf("a secret to keep: %v", e.Secret != "")
			}
			e.Secret = ""
			kept, err := json.Marshal(e)
			if err != nil || strings.Contains(fmt.Sprintf("%s %+v", kept, e), "canary") {
				t.Errorf("the secret is shown: %s, %v", kept, err)
			}
		})
	}
}

// words are the texts about an entry.
func words(e form.ImportEntry) string {
	var all []string
	if e.Skipped != nil {
		all = append(all, e.Skipped.Text(e.Tool))
	}
	for _, r := range e.Remarks {
		all = append(all, r.Text(e.Tool))
	}
	return strings.Join(all, "\n")
}

func TestEntriesBesideOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyfob.toml")
	mine := []config.KeyValue{
		{Key: "name", Value: "ThingWorx"}, {Key: "issuer", Value: "https://x.example.com"}, {Key: "client_id", Value: "x"},
	}
	if err := config.AddTable(t.Context(), path, "azuread", mine); err != nil {
		t.Fatal(err)
	}
	have, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	one := `{` + address + `"clientId": "twx", "clientAuthScheme": "none"}`
	s := read(
		t,
		`{"AuthorizationServersSettings": {"AzureAD": `+one+`, "Plant 4": `+one+`, "plant-4": `+one+`, "<Id>": `+one+`, "…": `+one+`}}`,
		false,
	)
	all := s.Entries(have)
	var ids []string
	for _, e := range all {
		ids = append(ids, e.Result.Tool)
		if e.Result.Tool == "azuread" {
			if e.Settings != nil || !strings.Contains(words(e.Result), "line 1 of the settings already") {
				t.Errorf("%+v", e)
			}
			continue
		}
		if err := config.AddTable(t.Context(), path, e.Result.Tool, e.Settings); err != nil {
			t.Errorf("%s: %v", e.Result.Tool, err)
		}
	}
	if want := "azuread plant-4 plant-4-3 id thingworx5"; strings.Join(ids, " ") != want {
		t.Errorf("IDs %q, want %q", ids, want)
	}
}

// TestHomeOnlyWhereItIsSafe leaves an address that the settings would refuse,
// and takes the rest.
func TestHomeOnlyWhereItIsSafe(t *testing.T) {
	for home, want := range map[string]string{
		"http://twx.example.com/Thingworx":    "was not taken as the home page",
		"See information in the table below":  "is a placeholder",
		"http://<host-name>:<port>/Thingworx": "is a placeholder",
	} {
		s := read(
			t,
			strings.Replace(server(address+`"clientId": "twx", "clientAuthScheme": "none"`), "https://twx.example.com/Thingworx", home, 1),
			false,
		)
		e := s.Entries(&config.Settings{})[0]
		if e.Settings == nil || strings.Contains(fmt.Sprint(e.Settings), "{home") ||
			!strings.Contains(words(e.Result), "clientBaseUrl (line 1) "+want) {
			t.Errorf("%s: %v, %v", home, e.Settings, words(e.Result))
		}
	}
}
