package ssosettings_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"keyfob/app/setup/form"
	"keyfob/app/ssosettings"
	"keyfob/auth"
)

func read(t *testing.T, text string, withSecret bool) *ssosettings.Settings {
	t.Helper()
	s, err := ssosettings.Read([]byte(text), withSecret)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain is a file without a slip, as ThingWorx reads it.
const plain = `{
  "BasicSettings": {
    "clientBaseUrl": "https://twx.example.com/Thingworx",
    "idpMetadataFilePath": "/ThingworxPlatform/ssoSecurityConfig/sso-idp-metadata.xml",
    "webSSOProfileResponseSkew": 300,
    "retriggerOnScopesRemoval": true
  },
  "AccessTokenPersistenceSettings": {"username": "twadmin", "password": "canary-database"},
  "KeyManagerSettings": {
    "keyStoreFilePath": "C:\\ThingworxPlatform\\sso-keystore.jks",
    "keyStoreStorePass": "canary-store",
    "keyStoreKeyPass": "canary-key"
  },
  "AuthorizationServersSettings": {
    "AzureAD": {
      "clientId": "22222222-3333-4444-5555-666666666666",
      "clientSecret": "canary-secret",
      "authorizeUri": "https://login.microsoftonline.com/contoso/oauth2/v2.0/authorize",
      "tokenUri": "https://login.microsoftonline.com/contoso/oauth2/v2.0/token",
      "clientAuthScheme": "form",
      "mandatoryScopes": "offline_access, api://x/THINGWORX"
    },
    "Ping": {"clientId": "twx", "tokenUri": "https://ping.example.com:9031/as/token.oauth2",
      "mandatoryScopes": ["a", "b"], "refreshTokens": true}
  }
}
`

func TestReadsEachField(t *testing.T) {
	s := read(t, plain, false)
	if len(s.Slips) > 0 {
		t.Errorf("slips in a file without any: %v", s.Slips)
	}
	if s.Home != "https://twx.example.com/Thingworx" || s.HomeLine != 3 || s.Retrigger == nil || !*s.Retrigger {
		t.Errorf("home %q on line %d, retrigger %v", s.Home, s.HomeLine, s.Retrigger)
	}
	if want := []string{"AccessTokenPersistenceSettings", "KeyManagerSettings"}; !slices.Equal(s.Ignored, want) {
		t.Errorf("passed over %v, want %v", s.Ignored, want)
	}
	if len(s.Servers) != 2 {
		t.Fatalf("%d servers", len(s.Servers))
	}
	a := s.Servers[0]
	if a.ID != "AzureAD" || a.Line != 15 || a.ClientID != "22222222-3333-4444-5555-666666666666" || a.ClientAuth != "form" ||
		a.AuthorizeURI != "https://login.microsoftonline.com/contoso/oauth2/v2.0/authorize" ||
		a.TokenURI != "https://login.microsoftonline.com/contoso/oauth2/v2.0/token" ||
		!slices.Equal(a.MandatoryScopes, []string{"offline_access", "api://x/THINGWORX"}) || !a.HasSecret {
		t.Errorf("%+v", a)
	}
	b := s.Servers[1]
	if b.ID != "Ping" || b.HasSecret || !slices.Equal(b.MandatoryScopes, []string{"a", "b"}) ||
		!slices.Equal(b.Unknown, []string{"refreshTokens"}) {
		t.Errorf("%+v", b)
	}
}

// TestSecretOnlyWhenAskedFor also holds that the file's bytes are gone after
// reading, whatever they held.
func TestSecretOnlyWhenAskedFor(t *testing.T) {
	for _, with := range []bool{false, true} {
		data := []byte(plain)
		s, err := ssosettings.Read(data, with)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, make([]byte, len(data))) {
			t.Error("the file's bytes are still there")
		}
		want := auth.Secret("")
		if with {
			want = "canary-secret"
		}
		if got := s.Servers[0].Secret; got.Reveal() != want.Reveal() {
			t.Errorf("with secret %v: there is a secret: %v", with, got != "")
		}
		s.Servers[0].Secret = ""
		// What is kept is looked at as memory would show it.
		kept, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprintf("%s %+v", kept, s); strings.Contains(text, "canary") {
			t.Errorf("a password outlived parsing: %s", text)
		}
	}
	if data := []byte(`{"KeyManagerSettings": {"keyStoreStorePass": "canary" oops}}`); true {
		_, err := ssosettings.Read(data, true)
		if err == nil || strings.Contains(err.Error(), "canary") || bytes.Contains(data, []byte("canary")) {
			t.Errorf("a file that cannot be read: %v, still %q", err, data)
		}
	}
}

// TestBothFilesAndSpellings reads the block wherever it lies.
func TestBothFilesAndSpellings(t *testing.T) {
	const server = `{"cas": {"clientId": "twx"}}`
	for name, text := range map[string]string{
		"sso-settings.json":  `{"AuthorizationServersSettings": ` + server + `}`,
		"the other spelling": `{"AuthorizationServerSettings": ` + server + `}`,
		"platform-settings.json": `{"PlatformSettingsConfig": {"BasicSettings": {"Storage": "x"}, ` +
			`"AuthorizationServersSettings": ` + server + `}}`,
		"with a byte order mark":    "\ufeff" + `{"AuthorizationServersSettings": ` + server + `}`,
		"inside of the SSO section": `{"SSOSettings": {"AuthorizationServersSettings": ` + server + `}}`,
	} {
		if s := read(t, text, false); len(s.Servers) != 1 || s.Servers[0].ID != "cas" || s.Servers[0].ClientID != "twx" ||
			len(s.Slips) > 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// TestSlips reads files that are not JSON and names what is wrong, with lines.
func TestSlips(t *testing.T) {
	const head = "{\"AuthorizationServersSettings\": {\"cas\": {\n"
	for _, test := range []struct {
		name, text, id string
		slips          string // line and text of each
	}{
		{"comma missing", head + "\"tokenUri\": \"x\"\n\"clientId\": \"twx\"\n}}}", "twx", "2 a comma is missing at the end"},
		{"brace too many", head + "\"clientId\": \"twx\"\n}}}\n}\n", "twx", "4 a closing brace too many"},
		{
			"two braces too many", head + "\"clientId\": \"twx\"\n}}}\n}\n}\n", "twx",
			"4 a closing brace too many; 5 a closing brace too many",
		},
		{
			"closed too early", "{\"BasicSettings\": {}}\n,\n\"AuthorizationServersSettings\": {\"cas\": {\"clientId\": \"twx\"}}}",
			"twx", "1 a closing brace too many",
		},
		{
			"closed too early, no comma",
			"{\"BasicSettings\": {}\n}\n\"AuthorizationServersSettings\": {\"cas\": {\"clientId\": \"twx\"}}", "twx",
			"2 a closing brace too many",
		},
		{"last brace missing", head + "\"clientId\": \"twx\"\n}}\n", "twx", "3 the last closing brace is missing"},
		{
			"outer braces missing", "\"AuthorizationServersSettings\": {\"cas\": {\n\"clientId\": \"twx\"}}", "twx",
			"1 the brace around everything is missing",
		},
		{
			"only the first brace missing", "\"AuthorizationServersSettings\": {\"cas\": {\n\"clientId\": \"twx\"}}\n}", "twx",
			"1 the brace around everything is missing; 3 a closing brace too many",
		},
		{"curly quotes", head + "“clientId”: “twx”\n}}}", "twx", "2 curly quotes"},
		{"low quotes", head + "„clientId“: \"twx\"\n}}}", "twx", "2 curly quotes"},
		{"half curly", head + "\"clientId”: \"twx”\n}}}", "twx", "2 curly quotes"},
		{"a curly quote inside stays", head + "\"clientId\": \"t”wx\",\n}}}", "t”wx", "2 a comma too many before the }"},
		{
			"comments", "// Plant 4\n" + head + "/* the\nclient */ \"clientId\": \"twx\" // ours\n}}}", "twx",
			"1 a comment; 3 a comment; 4 a comment",
		},
		{
			"trailing commas", head + "\"mandatoryScopes\": [\"a\",],\n\"clientId\": \"twx\",\n},\n}\n}", "twx",
			"2 a comma too many before the ]; 3 a comma too many before the }; 4 a comma too many before the }",
		},
		{"two commas", head + "\"tokenUri\": \"x\",,\n\"clientId\": \"twx\"\n}}}", "twx", "2 a comma too many"},
		{"dots", head + "...\n,\n\"clientId\": \"twx\"\n}}}", "twx", "2 dots that stand for something left out; 3 a comma too many"},
		{
			"backslashes", head + "\"clientId\": \"a\\Thing\"\n}}}", `a\Thing`,
			"2 a backslash or a control character that JSON does not allow",
		},
		{
			"backslash at the end",
			"{\"KeyManagerSettings\": {\"keyStoreFilePath\": \"C:\\keys\\\",\n\"x\": 1}, " +
				"\"AuthorizationServersSettings\": {\"cas\": {\"clientId\": \"twx\"}}}", "twx",
			"1 a backslash before the closing quote",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := read(t, test.text, false)
			if len(s.Servers) != 1 || s.Servers[0].ID != "cas" || s.Servers[0].ClientID != test.id {
				t.Errorf("servers %+v", s.Servers)
			}
			var got []string
			for _, slip := range s.Slips {
				got = append(got, fmt.Sprintf("%d %s", slip.Line, slip.Text()))
			}
			if strings.Join(got, "; ") != test.slips {
				t.Errorf("slips %q, want %q", strings.Join(got, "; "), test.slips)
			}
		})
	}
}

// TestVendorSample reads a file with the same two slips as the vendor's sample:
// a comma missing and a brace too many.
func TestVendorSample(t *testing.T) {
	data, err := os.ReadFile("testdata/sample.json")
	if err != nil {
		t.Fatal(err)
	}
	s := read(t, string(data), false)
	if want := []form.Slip{{Line: 5, Code: form.SlipNoComma}, {Line: 29, Code: form.SlipExtraBrace}}; !slices.Equal(
		s.Slips,
		want,
	) {
		t.Errorf("slips %v, want %v", s.Slips, want)
	}
	if len(s.Servers) != 2 {
		t.Fatalf("%d servers", len(s.Servers))
	}
	for i, server := range s.Servers {
		if want := fmt.Sprintf("<AuthorizationServerId%d>", i+1); server.ID != want || !ssosettings.Placeholder(server.ID) ||
			!ssosettings.Placeholder(server.ClientID) {
			t.Errorf("%+v is not seen as one that nobody filled in", server)
		}
	}
	if !ssosettings.Placeholder(s.Home) {
		t.Errorf("home %q", s.Home)
	}
}

// TestUnreadable names the line of what cannot be passed over, and no value.
func TestUnreadable(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "line 1: a { belongs here"},
		{"<html>", "line 1: a { belongs here"},
		{"[]", "line 1: a { belongs here"},
		{"{\n\"a\" \"canary\"}", "line 2: a colon is missing"},
		{"{\n\"a\": canary}", "line 2: a value belongs here"},
		{"{\n\"a\": \"canary\n}", "line 2: a text begins here"},
		{"{\ncanary: 1}", "line 2: a name in quotes"},
		{"{\"a\": {\n\"b\": 1", "line 1: an object begins here"},
		{"{\"a\": [1, 2}", "line 1: a ] is missing"},
		{"{\"a\": 1]", "line 1: a ] stands"},
		{"{/* canary", "line 1: a comment begins"},
		{"\xff\xfe{\x00", "UTF-16"},
		{strings.Repeat("{\"a\":", 100), "deeper"},
	} {
		_, err := ssosettings.Read([]byte(test.text), true)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "canary") ||
			auth.KindOf(err) != auth.KindUsage {
			t.Errorf("%.40q: %v, want %q", test.text, err, test.want)
		}
	}
}

func TestPlaceholder(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "<AuthorizationServerId1>": true, "https://<PingFederate-host-name>:9031/as/token.oauth2": true,
		"See information in the table below": true, "${client}": true,
		"twx": false, "https://login.example.com/a": false, "a > b": false, "x<y": false,
	} {
		if got := ssosettings.Placeholder(s); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}

// FuzzRead holds that reading ends, and that JSON is read without a slip.
func FuzzRead(f *testing.F) {
	f.Add([]byte(plain))
	f.Add([]byte("{“a”: \"b”,,}\n}"))
	f.Add([]byte("\"a\": \"C:\\\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		valid := json.Valid(data)
		s, err := ssosettings.Read(bytes.Clone(data), true)
		if err == nil && valid && len(s.Slips) > 0 {
			t.Errorf("slips %v in valid JSON", s.Slips)
		}
	})
}
