package setup

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"keyfob/app/setup/form"
	"keyfob/auth/authtest"
)

const vendor = `{"BasicSettings": {"clientBaseUrl": "https://thingworx.example.com/Thingworx"},
"AuthorizationServersSettings": {
 "AzureAd": {"clientId": "abc", "clientSecret": "canary",
  "authorizeUri": "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize", "clientAuthScheme": "form"},
 "PingFed1": {"clientId": "<your client>", "authorizeUri": "https://sso.example.com/as/authorization.oauth2"},
 "Old": {"clientId": "x", "clientSecret": "canary",
  "authorizeUri": "https://sso.example.com/as/authorization.oauth2", "clientAuthScheme": "query"}
 // a comment
}, "KeyManagerSettings": {"password": "canary"}}`

// TestImportSaysFirst: the window shows what would be taken, and only then
// takes it.
func TestImportSaysFirst(t *testing.T) {
	d, inEffect := setUp(t, before)
	path := filepath.Join(t.TempDir(), "sso-settings.json")
	if err := os.WriteFile(path, []byte(vendor), 0o600); err != nil {
		t.Fatal(err)
	}
	say, err := d.Import(t.Context(), form.ImportRequest{Path: " \"" + path + "\""})
	if err != nil || say.File != path || len(say.Entries) != 3 || say.SecretsLeft() != 2 || len(say.Slips) != 1 || len(say.Ignored) != 1 {
		t.Fatalf("got %+v, %v", say, err)
	}
	if e := say.Entries[0]; e.Tool != "azuread" || e.Title != "ThingWorx thingworx.example.com (AzureAd)" || e.Line != 3 ||
		len(e.Remarks) == 0 {
		t.Errorf("the first is %+v", e)
	}
	if e := say.Entries[0]; e.Secret != form.SecretLeft || strings.Contains(words(e), "--with") {
		t.Errorf("of a window it speaks as of a command line: %+v", e)
	}
	if e := say.Entries[1]; e.Added() || e.Skipped.Code != form.SkippedUnfilled {
		t.Errorf("the second is %+v", e)
	}
	if e := say.Entries[2]; !slices.ContainsFunc(e.Remarks, form.Remark.Warns) {
		t.Errorf("the third warns of nothing: %+v", e)
	}
	if text, _ := os.ReadFile(d.Path); string(text) != before {
		t.Errorf("saying it wrote:\n%s", text)
	}
	if _, err = d.Import(t.Context(), form.ImportRequest{Path: path, Take: true}); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(d.Path)
	if rest, ok := strings.CutPrefix(string(text), before); !ok || !strings.Contains(rest, "[tools.azuread]") ||
		strings.Contains(rest, "canary") {
		t.Errorf("the file is:\n%s", text)
	}
	if all := inEffect().Tools; len(all) != 3 {
		t.Errorf("in effect are %+v", all)
	}
}

// words are the texts about an entry.
func words(e form.ImportEntry) string {
	var all []string
	for _, r := range e.Remarks {
		all = append(all, r.Text(e.Tool))
	}
	return strings.Join(all, "\n")
}

func TestPastedPaths(t *testing.T) {
	if runtime.GOOS == "windows" {
		authtest.NotHere(t, "the paths are those of unix")
	}
	for given, want := range map[string]string{
		"/a/sso.json": "/a/sso.json", " '/a b/sso.json' ": "/a b/sso.json", "file:///a%20b/sso.json": "/a b/sso.json",
		"sso.json": "", "": "", "~/sso.json": "",
	} {
		if got, err := pastedPath(given); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", given, got, err)
		}
	}
}
