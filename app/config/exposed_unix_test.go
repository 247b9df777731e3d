//go:build unix

package config_test

import (
	"os"
	"strings"
	"testing"

	"keyfob/app/config"
)

// TestExposed warns of settings that others can change, and uses them.
func TestExposed(t *testing.T) {
	for m, want := range map[os.FileMode]string{
		0o600: "", 0o640: "", 0o664: "", 0o644: "",
		0o666: " can be changed by every user of this machine (its mode is 0666), who could send your sign-ins elsewhere: run `chmod " +
			"o-w` on it",
		0o602: " (its mode is 0602)",
	} {
		path := write(t, good)
		mode(m)(t, "", path)
		s, err := config.LoadAll(path, config.System{})
		if err != nil || len(s.Tools) != 1 {
			t.Fatalf("%v: %v", m, err)
		}
		if want == "" && len(s.Ignored) > 0 {
			t.Errorf("%v: %v", m, s.Ignored)
		}
		if want != "" &&
			(len(s.Ignored) != 1 || !strings.HasPrefix(s.Ignored[0].Error(), path) || !strings.Contains(s.Ignored[0].Error(), want)) {
			t.Errorf("%v: %v", m, s.Ignored)
		}
	}
	if os.Getuid() != 0 { // who alone can give a file away
		return
	}
	path := write(t, good)
	give(t, path)
	if s, err := config.LoadAll(path, config.System{}); err != nil || len(s.Tools) != 1 || len(s.Ignored) != 1 ||
		s.Ignored[0].Error() != path+" belongs to another user, who could send your sign-ins elsewhere: use settings of your own" {
		t.Errorf("%+v, %v", s, err)
	}
}
