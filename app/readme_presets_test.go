package app_test

import (
	"regexp"
	"strings"
	"testing"

	"keyfob/auth/provider"
)

// TestReadmePresets holds the README's table of providers against the presets:
// each is there, with every setting that it asks for and what to register.
func TestReadmePresets(t *testing.T) {
	rows := map[string]string{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9]+)` \\|(.*)$").FindAllStringSubmatch(readme(t), -1) {
		rows[m[1]] = m[2]
	}
	for _, p := range provider.All() {
		row, ok := rows[p.ID]
		if !ok {
			t.Errorf("the README does not name %s", p.ID)
			continue
		}
		for _, f := range p.Fields {
			if !strings.Contains(row, "`"+f.Key+"`") {
				t.Errorf("%s: the README does not name %s in %s", p.ID, f.Key, row)
			}
		}
		if m := regexp.MustCompile("as `([a-z0-9]+)`").FindStringSubmatch(row); m != nil {
			row = rows[m[1]]
		}
		for _, uri := range p.Redirects("")[:min(1, len(p.Redirects("")))] {
			if !strings.Contains(row, "`"+uri+"`") {
				t.Errorf("%s: the README does not say to register %s but %s", p.ID, uri, row)
			}
		}
	}
}
