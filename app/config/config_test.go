package config_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"keyfob/app/config"
	"keyfob/auth"
)

const full = `
[reminders]
before = ["5m", "1h", "15m", "5m"]

[clipboard]
clear_after = "30s"

[tools.plant4]
name = "ThingWorx Plant 4"
home = "https://thingworx.example.com/Thingworx/Runtime/index.html#mashup=Line"
provider = "oidc"
issuer = "https://sso.example.com/realms/plant"
client_id = "keyfob client"
client_auth = "none"
scopes = ["profile", "api://x/THINGWORX", "profile"]
mandatory_scopes = ["offline_access"]
redirect = "http://localhost/callback"
ports = [53682, 53683]
audience = "https://api.example.com"
params = { domain_hint = "example.com", prompt = "consent" }
ca_file = "certs/ca.pem"
client_secret_expires = 2027-03-01

[tools.api]
issuer = "http://127.0.0.1:8080"
client_id = "api"
`

// write puts text into a settings file of its own.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keyfob.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, text string) *config.Settings {
	t.Helper()
	s, err := config.Load(write(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLoad(t *testing.T) {
	path := write(t, full)
	got, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	reminders := []time.Duration{time.Hour, 15 * time.Minute, 5 * time.Minute}
	want := &config.Settings{
		Path: path,
		Tools: []auth.Tool{
			{
				ID: "plant4", Name: "ThingWorx Plant 4", Home: "https://thingworx.example.com/Thingworx/Runtime/index.html#mashup=Line",
				Provider: "oidc", Issuer: "https://sso.example.com/realms/plant", ClientID: "keyfob client",
				ClientAuth: auth.ClientAuthNone,
				Scopes:     []string{"openid", "profile", "api://x/THINGWORX", "offline_access"}, MandatoryScopes: []string{"offline_access"},
				Redirect: "http://localhost/callback", Ports: []int{53682, 53683}, Audience: "https://api.example.com",
				Params: map[string]string{"domain_hint": "example.com", "prompt": "consent"},
				CAFile: filepath.Join(filepath.Dir(path), "certs/ca.pem"), Reminders: reminders,
				SecretExpires: time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC),
			},
			{
				ID: "api", Name: "api", Provider: "oidc", Issuer: "http://127.0.0.1:8080", ClientID: "api", ClientAuth: auth.ClientAuthNone,
				Scopes: []string{"openid"}, Redirect: "http://127.0.0.1/callback/127.0.0.1_8080", Reminders: reminders,
			},
		},
		ClearAfter: 30 * time.Second,
		Background: true,
		Reminders:  reminders,
		Lines:      map[string]int{"plant4": 8, "api": 24},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestLoadWithoutFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no", "keyfob.toml")
	got, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Settings{
		Path: path, ClearAfter: 45 * time.Second, Background: true,
		Reminders: []time.Duration{15 * time.Minute, 5 * time.Minute},
		Lines:     map[string]int{},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLoadUnusualFiles(t *testing.T) {
	for _, tt := range []struct{ name, text string }{
		{"empty", ""},
		{"comments only", "# nothing yet\n"},
		{"byte order mark and CRLF", "\xef\xbb\xbf[clipboard]\r\nclear_after = \"45s\"\r\n"},
		{"tools without a tool", "[tools]\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if s := load(t, tt.text); len(s.Tools)+len(s.Bad) != 0 {
				t.Errorf("got tools %v, bad %v", s.Tools, s.Bad)
			}
		})
	}
	s := load(t, "[reminders]\nbefore = []\n[clipboard]\nclear_after = \"0s\"\n")
	if len(s.Reminders) != 0 || s.ClearAfter != 0 {
		t.Errorf("switched off: got reminders %v, clear after %v", s.Reminders, s.ClearAfter)
	}
}
