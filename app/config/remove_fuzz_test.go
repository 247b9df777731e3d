package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/config"
)

// FuzzAddRemove holds that a tool which is added and removed again leaves what
// was there, whatever that was.
func FuzzAddRemove(f *testing.F) {
	for _, text := range []string{
		"", "\n", "# x", "[clipboard]\nclear_after = \"1m\"", "[tools.a]\nissuer = \"https://x\"\nclient_id = \"x\"\n# end\n\n\n",
		"# a\r\n[clipboard]\r\n", "tools.a.issuer = \"x\"\n", "[tools]\n# y\n", "x = \"\"\"\n# no comment\n[tools.b]\n\"\"\"\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "keyfob.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if config.AddTable(
			t.Context(),
			path,
			"fuzz",
			[]config.KeyValue{{Key: "issuer", Value: "https://idp.example.com"}, {Key: "client_id", Value: "x"}},
		) != nil {
			return // not a settings file
		}
		removed, err := config.Remove(t.Context(), path, "fuzz")
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// An end of the last line may be added, and empty lines at the end go.
		if got := string(data); strings.TrimRight(got, "\r\n") != strings.TrimRight(text, "\r\n") {
			t.Errorf("%q became %q; removed %q", text, got, removed)
		}
	})
}
