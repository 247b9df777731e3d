package config_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"keyfob/app/config"
	"keyfob/auth"
)

func sample() auth.Tool {
	return auth.Tool{
		ID: "plant4", Name: `ThingWorx "Plant 4"`, Home: "https://plant.example.com/it's",
		API: "https://api.example.com/v1", Provider: "oidc",
		Issuer: "https://sso.example.com", ClientID: "keyfob", ClientAuth: auth.ClientAuthNone,
		Scopes: []string{"openid", "offline_access"}, MandatoryScopes: []string{"offline_access"},
		Redirect: "http://localhost/callback", Ports: []int{53682}, Audience: "api",
		TrustedAudiences: []string{"project"}, Params: map[string]string{"prompt": "consent"},
		CAFile:        filepath.Join(string(filepath.Separator), "certs", "ca.pem"),
		SecretExpires: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC),
	}
}

func TestAdd(t *testing.T) {
	for _, tt := range []struct{ name, text string }{
		{"empty file", ""},
		{
			"comments and odd layout",
			"# my tools\n\n[ tools . \"other\" ]   # a remark\nissuer='https://x.example.com'\nclient_id=\"x\"\n\n\n",
		},
		{"no line end", "[clipboard]\nclear_after = \"30s\""},
		{"CRLF", "# one\r\n[clipboard]\r\nclear_after = \"30s\"\r\n"},
		{"beside a bad tool", "[tools.bad]\nissuer = \"http://x\"\n"},
		{"behind dotted keys", "tools.a.issuer = \"https://x.example.com\"\ntools.a.client_id = \"x\"\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.text)
			before := load(t, tt.text)
			tool := sample()
			if err := config.Add(t.Context(), path, tool); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(data), tt.text) {
				t.Errorf("what was there changed:\n%s", data)
			}
			if strings.Contains(tt.text, "\r\n") && strings.Count(string(data), "\n") != strings.Count(string(data), "\r\n") {
				t.Errorf("mixed line ends: %q", data)
			}
			after, err := config.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			tool.Reminders = after.Reminders
			if got := after.Tools[len(after.Tools)-1]; !reflect.DeepEqual(got, tool) {
				t.Errorf("read back %+v\nwant      %+v", got, tool)
			}
			if len(after.Tools) != len(before.Tools)+1 || len(after.Bad) != len(before.Bad) {
				t.Errorf("%d tools and %d bad became %d and %d", len(before.Tools), len(before.Bad), len(after.Tools), len(after.Bad))
			}
		})
	}
}

func TestAddMakesFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "keyfob.toml")
	if err := config.Add(t.Context(), path, sample()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): fs.ModeDir | 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", filepath.Base(name), info.Mode(), want)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

func TestAddThroughLink(t *testing.T) {
	real := write(t, "# kept\n")
	link := filepath.Join(t.TempDir(), "keyfob.toml")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	if err := config.Add(t.Context(), link, sample()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v %v", info, err)
	}
	if s, err := config.Load(real); err != nil || len(s.Tools) != 1 {
		t.Errorf("the file behind the link: %+v %v", s, err)
	}
}

// TestAddRefuses checks that whatever is refused leaves the file alone.
func TestAddRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		change     func(*auth.Tool)
		want       string
	}{
		{
			"ID taken", "[tools.plant4]\nissuer = \"https://x.example.com\"\nclient_id = \"x\"\n", nil,
			`there is a tool "plant4" already in FILE: choose another ID, or edit the file`,
		},
		{"ID taken by a bad one", "[tools.plant4]\n", nil, `there is a tool "plant4" already in FILE: choose another ID, or edit the file`},
		{
			"name taken", good, func(t *auth.Tool) { t.Name = "good" },
			`the name "good" is taken by [tools.good]: give this tool another name`,
		},
		{
			"ID with a bracket", "", func(t *auth.Tool) { t.ID = "a]\nissuer = 'x'" },
			`the tool ID "a]\nissuer = 'x'" cannot be used: use 1 to 64 of a-z, 0-9, _ and -`,
		},
		{
			"ID in capitals", "", func(t *auth.Tool) { t.ID = "Plant4" },
			`the tool ID "Plant4" cannot be used: use 1 to 64 of a-z, 0-9, _ and -, not beginning with -`,
		},
		{
			"bad issuer", "", func(t *auth.Tool) { t.Issuer = "http://x" },
			`issuer: the address "http://x" is plain http, which is allowed on this machine's loopback only: use an https address`,
		},
		{"file that cannot be loaded", "oops\n", nil, `FILE:1:5: not valid TOML, expected '=' after key: fix this line`},
		{
			"tools as an inline table", "tools = { a = { name = \"A\" } }\n", nil,
			`nothing can be added to FILE as it is written: write its tools as tables with a line [tools.ID] each`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := write(t, tt.text)
			tool := sample()
			if tt.change != nil {
				tt.change(&tool)
			}
			err := config.Add(t.Context(), path, tool)
			if err == nil {
				t.Fatal("added")
			}
			if got := strings.ReplaceAll(err.Error(), path, "FILE"); got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
			if data, err := os.ReadFile(path); err != nil || string(data) != tt.text {
				t.Errorf("the file changed: %q %v", data, err)
			}
		})
	}
}
