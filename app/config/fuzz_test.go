package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/weburl"
)

// FuzzLoad feeds arbitrary bytes to Load: whatever they are, the answer is
// settings that hold what they promise, or an error that says where to look.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte(good + good))
	f.Add([]byte("[tools.a]\nparams = { x = { y = 1 } }\nports = [1, 1.5, inf]\nclient_secret_expires = 10:00:00\n"))
	f.Add([]byte("[[tools]]\n[tools.a]\n[reminders]\nbefore = [[\"5m\"]]\n"))
	f.Add([]byte("\"\\u0000\".x = 1\n'' = 2\n\xef\xbb\xbf\r\n"))
	f.Add([]byte("a = [" + strings.Repeat("[", 300)))
	path := filepath.Join(f.TempDir(), "keyfob.toml")
	place := regexp.MustCompile(`^` + regexp.QuoteMeta(path) + `:[1-9][0-9]*:[1-9][0-9]*: `)
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := config.Load(path)
		if err != nil {
			var e *auth.Error
			if !errors.As(err, &e) || e.Kind != auth.KindSetup {
				t.Fatalf("not an error of settings: %v", err)
			}
			checkText(t, e.Error())
			if len(data) <= 1<<20 && !place.MatchString(e.What) {
				t.Fatalf("names no place: %q", e.What)
			}
			return
		}
		for _, b := range s.Bad {
			checkText(t, b.Err.Error())
			if b.Line < 1 || b.Line > strings.Count(string(data), "\n")+1 {
				t.Fatalf("bad tool %q on line %d", b.ID, b.Line)
			}
		}
		for _, tool := range s.Tools {
			if _, err := weburl.Secure(tool.Issuer); err != nil {
				t.Fatalf("issuer passed: %v", err)
			}
			if tool.Name == "" || tool.ClientID == "" || tool.Scopes[0] == "" || tool.ID != strings.ToLower(tool.ID) {
				t.Fatalf("tool passed: %+v", tool)
			}
		}
	})
}

// checkText demands one line of readable text.
func checkText(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r\x00\x1b") {
		t.Fatalf("not one line of text: %q", s)
	}
}
