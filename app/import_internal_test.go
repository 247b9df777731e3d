package app

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth/authtest"
)

const vendor = `{"BasicSettings": {"clientBaseUrl": "https://thingworx.example.com/Thingworx"},
"AuthorizationServersSettings": {
 "AzureAd": {"clientId": "abc", "clientSecret": "canary", "authorizeUri": "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize", "clientAuthScheme": "form"},
 "PingFed1": {"clientId": "<your client>", "authorizeUri": "https://sso.example.com/as/authorization.oauth2"},
 "Old": {"clientId": "x", "clientSecret": "canary", "authorizeUri": "https://sso.example.com/as/authorization.oauth2", "clientAuthScheme": "query"}
 // a comment
}, "KeyManagerSettings": {"password": "canary"}}`

// TestImportSaysFirst: the window shows what would be taken, and only then
// takes it.
func TestImportSaysFirst(t *testing.T) {
	d := draftDesk(t, before)
	path := filepath.Join(t.TempDir(), "sso-settings.json")
	if err := os.WriteFile(path, []byte(vendor), 0o600); err != nil {
		t.Fatal(err)
	}
	say, err := d.importFile(t.Context(), agent.Import{Path: " \"" + path + "\""})
	if err != nil || say.File != path || len(say.Entries) != 3 || say.Secrets != 2 || len(say.Slips) != 1 || len(say.Ignored) != 1 {
		t.Fatalf("got %+v, %v", say, err)
	}
	if e := say.Entries[0]; e.Tool != "azuread" || e.Title != "ThingWorx thingworx.example.com (AzureAd)" || e.Line != 3 ||
		len(e.Left) == 0 {
		t.Errorf("the first is %+v", e)
	}
	if e := say.Entries[0]; e.Secret != form.SecretLeft || strings.Contains(strings.Join(e.Left, " "), "--with") {
		t.Errorf("of a window it speaks as of a command line: %+v", e)
	}
	if e := say.Entries[1]; e.Tool != "" || !strings.Contains(e.Why, "placeholder") {
		t.Errorf("the second is %+v", e)
	}
	if e := say.Entries[2]; len(e.Warnings) != 1 || !strings.Contains(e.Warnings[0], "query") {
		t.Errorf("the third warns of nothing: %+v", e)
	}
	if text, _ := os.ReadFile(d.path); string(text) != before {
		t.Errorf("saying it wrote:\n%s", text)
	}
	if _, err = d.importFile(t.Context(), agent.Import{Path: path, Take: true}); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(d.path)
	if rest, ok := strings.CutPrefix(string(text), before); !ok || !strings.Contains(rest, "[tools.azuread]") ||
		strings.Contains(rest, "canary") {
		t.Errorf("the file is:\n%s", text)
	}
	if all, err := d.sessions.Snapshots(t.Context()); err != nil || len(all) != 3 {
		t.Errorf("the sessions are %+v, %v", all, err)
	}
}

func TestPastedPaths(t *testing.T) {
	if runtime.GOOS == "windows" {
		authtest.NotHere(t, "the paths are those of unix")
	}
	for given, want := range map[string]string{
		"/a/sso.json": "/a/sso.json", " '/a b/sso.json' ": "/a b/sso.json", "file:///a%20b/sso.json": "/a b/sso.json", "sso.json": "", "": "", "~/sso.json": "",
	} {
		if got, err := pasted(given); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", given, got, err)
		}
	}
}
