package caller_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"keyfob/app/caller"
	"keyfob/auth"
)

func env(all map[string]string) func(string) string {
	return func(name string) string { return all[name] }
}

// TestSettings holds which file is meant: the command line's, else the
// environment's, else the usual one.
func TestSettings(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		config, variable, want string
		named                  bool
	}{
		{"a.toml", "b.toml", filepath.Join(here, "a.toml"), true},
		{"", "b.toml", filepath.Join(here, "b.toml"), true},
		{"", filepath.Join(here, "c.toml"), filepath.Join(here, "c.toml"), true},
		{"", "", "", false},
	} {
		c := caller.Caller{Config: tt.config, Getenv: env(map[string]string{"KEYFOB_CONFIG": tt.variable})}
		got, named, err := c.Settings()
		if err != nil || named != tt.named || tt.named && got != tt.want || !filepath.IsAbs(got) || filepath.Ext(got) != ".toml" {
			t.Errorf("%+v: %s, %v, %v", tt, got, named, err)
		}
	}
}

// TestMayRun refuses a command that is for nothing without the settings that
// somebody named.
func TestMayRun(t *testing.T) {
	there := filepath.Join(t.TempDir(), "keyfob.toml")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		config, variable string
		needs            bool
		says             string // what the error begins with; empty for none
	}{
		{"", "", true, ""},
		{there, "/none", true, ""},
		{"/none", "", false, ""},
		{"/none", there, true, "there is no /none, which --config names: "},
		{"", "/none", true, "there is no /none, which KEYFOB_CONFIG names: "},
	} {
		c := caller.Caller{Config: tt.config, Getenv: env(map[string]string{"KEYFOB_CONFIG": tt.variable})}
		err := c.MayRun(false, tt.needs)
		if tt.says == "" && err == nil {
			continue
		}
		if e := auth.AsError(err); e == nil || e.Kind != auth.KindUsage || tt.says == "" || len(e.Error()) < len(tt.says) ||
			e.Error()[:len(tt.says)] != tt.says {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

// TestStart asks for an engine where none runs, with the settings that somebody
// named, and with none where nobody did.
func TestStart(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	enough := errors.New("enough")
	for config, want := range map[string]string{"": "", "/x/keyfob.toml": "/x/keyfob.toml"} {
		var got string
		calls := 0
		c := caller.Caller{Config: config, Getenv: env(nil), Start: func(_ context.Context, _, settings string) error {
			got = settings
			calls++
			return enough
		}}
		client, err := c.Client()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Status(t.Context()); !errors.Is(err, enough) || got != want || calls != 1 {
			t.Errorf("%q: started %d times with %q: %v", config, calls, got, err)
		}
	}
}
