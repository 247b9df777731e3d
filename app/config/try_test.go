package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/provider"
)

func TestTry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyfob.toml")
	const before = "[tools.plant]\nname = \"Plant\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\""
	if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	set := func(pairs ...string) (all []config.KeyValue) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, config.KeyValue{Key: pairs[i], Value: pairs[i+1]})
		}
		return all
	}
	tool, err := config.Try(
		path,
		"park",
		set("name", "Park", "provider", "keycloak", "host", "sso.example.com", "realm", "park", "client_id", "keyfob"),
	)
	if err != nil || tool.ID != "park" || tool.Issuer != "https://sso.example.com/realms/park" {
		t.Errorf("got %+v, %v", tool, err)
	}
	for _, tt := range []struct {
		name     string
		id       string
		settings []config.KeyValue
		key      string
	}{
		{
			"a realm that is a path", "park",
			set("name", "Park", "provider", "keycloak", "host", "sso.example.com", "realm", "a/b", "client_id", "keyfob"), "realm",
		},
		{"no client ID", "park", set("name", "Park", "issuer", "https://login.example.com"), "client_id"},
		{"a name that is taken", "park", set("name", "plant ", "issuer", "https://login.example.com", "client_id", "keyfob"), "name"},
		{
			"a home page on plain http", "park",
			set("name", "Park", "issuer", "https://login.example.com", "client_id", "keyfob", "home", "http://park.example.com"), "home",
		},
		{"an ID for no file", "-park", set("name", "Park", "issuer", "https://login.example.com", "client_id", "keyfob"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Try(path, tt.id, tt.settings)
			var f *provider.FieldError
			if !errors.As(err, &f) || f.Key != tt.key {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := config.Try(path, "plant", set("name", "Other", "issuer", "https://login.example.com", "client_id", "keyfob")); auth.KindOf(
		err,
	) != auth.KindSetup {
		t.Errorf("a tool that is there already: %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != before {
		t.Errorf("the file became %q, %v", got, err)
	}
}
