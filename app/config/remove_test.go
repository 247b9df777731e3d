package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/config"
	"keyfob/auth"
)

func TestRemove(t *testing.T) {
	const a = "[tools.a]\nissuer = \"https://a.example.com\"\nclient_id = \"a\"\n"
	const b = "[tools.b]\nissuer = \"https://b.example.com\"\nclient_id = \"b\"\n"
	for _, test := range []struct{ name, text, removed, left string }{
		{"alone", b, b, ""},
		{"the first", b + "\n" + a, b, a},
		{"the last", a + "\n" + b, b, a},
		{"between", a + "\n" + b + "\n[clipboard]\nclear_after = \"1m\"\n", b, a + "\n[clipboard]\nclear_after = \"1m\"\n"},
		{"no empty lines", a + b + "[clipboard]\n", b, a + "[clipboard]\n"},
		{"without a line end", a + strings.TrimSuffix(b, "\n"), strings.TrimSuffix(b, "\n"), a},
		{
			"its comments go", a + "\n# about b\n# in two lines\n" + b + "# audience = \"x\"\n\n# end\n",
			"# about b\n# in two lines\n" + b + "# audience = \"x\"\n", a + "\n# end\n",
		},
		{
			"others' comments stay", "# all\n\n# section\n\n" + b + "\n# section\n\n# about a\n" + a, b,
			"# all\n\n# section\n\n# section\n\n# about a\n" + a,
		},
		{"a comment right above the next table", b + "# about a\n" + a, b, "# about a\n" + a},
		{"the file's heading", "# all tools\n" + b + a, b, "# all tools\n" + a},
		{"with tables under it", b + "[tools.b.params]\nx = \"1\"\n\n" + a, b + "[tools.b.params]\nx = \"1\"\n", a},
		{"in two places", b + "\n" + a + "\n[tools.b.params]\nx = \"1\"\n", b + "[tools.b.params]\nx = \"1\"\n", a},
		{"odd layout", a + " [ tools . \"b\" ] # here\n\tissuer='https://b.example.com' ; \n", "", ""},
		{
			"quoted header", a + " [ tools . \"b\" ] # here\n\tissuer='https://b.example.com'\nclient_id=\"b\"\n",
			" [ tools . \"b\" ] # here\n\tissuer='https://b.example.com'\nclient_id=\"b\"\n", a,
		},
		{
			"lists over lines", a + b + "scopes = [\n  \"x\", # the API\n\n  # more\n]\n\n# end\n",
			b + "scopes = [\n  \"x\", # the API\n\n  # more\n]\n", a + "\n# end\n",
		},
		{"a bad tool", a + "[tools.b]\nissuer = \"http://b\"\n", "[tools.b]\nissuer = \"http://b\"\n", a},
		{"one whose name others have", b + "name = \"x\"\n\n" + a + "name = \"X\"\n", b + "name = \"x\"\n", a + "name = \"X\"\n"},
		{
			"CRLF", strings.ReplaceAll(a+"\n"+b+"\n# end\n", "\n", "\r\n"), strings.ReplaceAll(b, "\n", "\r\n"),
			strings.ReplaceAll(a+"\n# end\n", "\n", "\r\n"),
		},
		{"dotted keys", a + "\n[tools]\nb.issuer = \"https://b.example.com\"\nb.client_id = \"b\"\n", "", ""},
		{"inline", "tools.b = {issuer = \"https://b.example.com\", client_id = \"b\"}\n" + a, "", ""},
		{"half inline", "tools.b.issuer = \"https://b.example.com\"\n[tools.b.params]\nx = \"1\"\n", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, test.text)
			removed, err := config.Remove(t.Context(), path, "b")
			data, readErr := os.ReadFile(path)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if test.removed == "" { // refused
				if err == nil || string(data) != test.text {
					t.Errorf("%v; now\n%s", err, data)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if removed != test.removed {
				t.Errorf("removed\n%q, want\n%q", removed, test.removed)
			}
			if string(data) != test.left {
				t.Errorf("left\n%q, want\n%q", data, test.left)
			}
		})
	}
}

func TestRemoveWhatIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyfob.toml")
	_, err := config.Remove(t.Context(), path, "b")
	if auth.KindOf(err) != auth.KindUsage || !strings.Contains(err.Error(), "keyfob tools list") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a settings file was made")
	}
}

// TestAddTable writes whatever a table may hold and reads it back, and
// refuses what the file could not say.
func TestAddTable(t *testing.T) {
	path := write(t, "# mine\n")
	settings := []config.KeyValue{
		{Key: "name", Value: `Plant "4"`},
		{Key: "issuer", Value: "https://x.example.com"},
		{Key: "client_id", Value: "x"},
		{Key: "client_auth", Value: "form"},
		{Key: "scopes", Value: []string{"openid", "api"}},
		{Key: "ports", Value: []int{53682, 53683}},
		{Key: "params", Value: map[string]string{"a": "1", "b": "it's"}},
	}
	if err := config.AddTable(t.Context(), path, "plant4", settings); err != nil {
		t.Fatal(err)
	}
	s, err := config.Load(path)
	if err != nil || len(s.Tools) != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	if got := s.Tools[0]; got.Name != `Plant "4"` || got.ClientAuth != auth.ClientAuthForm || len(got.Scopes) != 2 || len(got.Ports) != 2 ||
		got.Params["b"] != "it's" ||
		s.Lines["plant4"] != 3 {
		t.Errorf("%+v on line %d", got, s.Lines["plant4"])
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]struct {
		id       string
		settings []config.KeyValue
		want     string
	}{
		"taken":       {"plant4", settings, "already"},
		"bad ID":      {"Plant 4", settings, "cannot be used"},
		"unknown key": {"b", []config.KeyValue{{Key: "client_secret", Value: "canary"}}, "nothing can be added"},
		"bad issuer": {
			"b",
			[]config.KeyValue{{Key: "issuer", Value: "http://x.example.com"}, {Key: "client_id", Value: "x"}},
			"plain http",
		},
		"a new line": {
			"b",
			[]config.KeyValue{{Key: "client_id", Value: "x\n[tools.c]"}, {Key: "issuer", Value: "https://x.example.com"}},
			"control character",
		},
	} {
		err := config.AddTable(t.Context(), path, change.id, change.settings)
		after, readErr := os.ReadFile(path)
		if err == nil || !strings.Contains(err.Error(), change.want) || strings.Contains(err.Error(), "canary") || readErr != nil ||
			string(after) != string(before) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
