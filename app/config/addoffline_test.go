package config_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keyfob/app/config"
	"keyfob/auth"
)

// TestAddOffline edits the scopes of one tool and nothing else of the file.
func TestAddOffline(t *testing.T) {
	const head = "# mine\n[tools.b] # the other\nissuer = \"https://y.example.com\"\nclient_id = 'y'\nscopes = [\"openid\"]\n\n"
	const tool = "[tools.a]   # first\nissuer = \"https://x.example.com\"\nclient_id = \"x\"\n"
	for name, tt := range map[string]struct{ before, after string }{
		"one line": {
			tool + "scopes = [\"openid\", 'email'] # why\n",
			tool + "scopes = [\"openid\", 'email', \"offline_access\"] # why\n",
		},
		"empty":        {tool + "scopes = [ ]\n", ""},
		"comma behind": {tool + "scopes = [\"openid\",]\n", tool + "scopes = [\"openid\", \"offline_access\",]\n"},
		"several lines": {
			tool + "scopes = [ # \"not\" ] this\n  \"openid\", # ]\n  \"email\"\n]\n",
			tool + "scopes = [ # \"not\" ] this\n  \"openid\", # ]\n  \"email\", \"offline_access\"\n]\n",
		},
		"none": {
			tool + "name = \"A\"\n",
			"[tools.a]   # first\nscopes = ['openid', 'offline_access']\nissuer = \"https://x.example.com\"\nclient_id = \"x\"\nname " +
				"= \"A\"\n",
		},
		"windows": {
			strings.ReplaceAll(tool+"scopes = [\"openid\"]\n", "\n", "\r\n"),
			strings.ReplaceAll(tool+"scopes = [\"openid\", \"offline_access\"]\n", "\n", "\r\n"),
		},
		"inline": {
			"[tools]\na = { issuer = \"https://x.example.com\", client_id = \"x\", scopes = [\"openid\"] }\n",
			"[tools]\na = { issuer = \"https://x.example.com\", client_id = \"x\", scopes = [\"openid\", \"offline_access\"] }\n",
		},
		"already there":  {tool + "scopes = [\"offline_access\", \"openid\"]\n", tool + "scopes = [\"offline_access\", \"openid\"]\n"},
		"inline without": {"[tools]\na = { issuer = \"https://x.example.com\", client_id = \"x\" }\n", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			before := head + tt.before
			if strings.HasPrefix(tt.before, "[tools]\n") {
				before = tt.before // which no table of a tool may precede
			}
			path := filepath.Join(t.TempDir(), "keyfob.toml")
			if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
				t.Fatal(err)
			}
			err := config.AddOffline(t.Context(), path, "a")
			data, readErr := os.ReadFile(path)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if tt.after == "-" {
				if err == nil || string(data) != before {
					t.Errorf("%v, and the file is\n%s", err, data)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if tt.after != "" && string(data) != strings.TrimSuffix(before, tt.before)+tt.after {
				t.Errorf("the file is\n%s", data)
			}
			s, err := config.Load(path)
			if err != nil || len(s.Bad) > 0 {
				t.Fatal(err, s.Bad)
			}
			i := slices.IndexFunc(s.Tools, func(t auth.Tool) bool { return t.ID == "a" })
			if !s.Tools[i].AsksOffline() || !slices.Contains(s.Tools[i].Scopes, "openid") {
				t.Errorf("asks for %q", s.Tools[i].Scopes)
			}
			if err := config.AddOffline(t.Context(), path, "nobody"); err == nil {
				t.Error("a tool that is not there was changed")
			}
		})
	}
}

// TestAddOfflineThatIsRefused leaves the settings of a provider alone whose
// refresh tokens come without it.
func TestAddOfflineThatIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyfob.toml")
	const text = "[tools.g]\nprovider = \"google\"\nclient_id = \"x\"\nscopes = [\"openid\"]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	err := config.AddOffline(t.Context(), path, "g")
	if data, _ := os.ReadFile(path); err == nil || !strings.Contains(err.Error(), "Google refuses") || string(data) != text {
		t.Errorf("%v, and the file is\n%s", err, data)
	}
}

// TestSwitches reads the keys that are true or false, and the post-logout
// address, which may carry its port.
func TestSwitches(t *testing.T) {
	const tool = "[tools.a]\nissuer = \"https://x.example.com\"\nclient_id = \"x\"\n"
	s := load(t, tool+"session_bound = true\nretrigger_on_scopes_removal = true\npost_logout_redirect = \"http://localhost:53690/out\"\n")
	if got := s.Tools[0]; !got.WantsSessionBound || !got.RetriggerRemoved || got.PostLogout != "http://localhost:53690/out" {
		t.Errorf("%+v", got)
	}
	if got := load(t, tool).Tools[0]; got.WantsSessionBound || got.RetriggerRemoved || got.PostLogout != "" {
		t.Errorf("%+v", got)
	}
	for text, want := range map[string]string{
		"session_bound = \"yes\"":                            "not true or false",
		"retrigger_on_scopes_removal = 1":                    "not true or false",
		"post_logout_redirect = \"https://x.example.com/o\"": "does not begin with http://",
		"post_logout_redirect = \"http://x.example.com/o\"":  "is not on this machine's loopback",
	} {
		s := load(t, tool+text+"\n")
		if len(s.Bad) != 1 || !strings.Contains(s.Bad[0].Err.What, want) {
			t.Errorf("%s: %v", text, s.Bad)
		}
	}
}
