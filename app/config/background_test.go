//go:build unix

package config_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/config"
	"keyfob/auth"
)

// TestBackground reads who may have commands start an engine: the person, and an
// administrator who may forbid it for everybody.
func TestBackground(t *testing.T) {
	for _, tt := range []struct {
		name   string
		mine   string
		admin  map[string]string
		want   bool
		line   string // which forbids it, at the end of the file's path
		warned string
	}{
		{name: "nobody says anything", mine: good, want: true},
		{name: "the person allows it", mine: "background = true\n" + good, want: true},
		{name: "the person forbids it", mine: "# mine\nbackground = false\n" + good, line: "keyfob.toml:2"},
		{name: "no file", admin: map[string]string{"a.toml": "background = false\n"}, line: "a.toml:1"},
		{
			name: "an administrator forbids it", mine: good,
			admin: map[string]string{"a.toml": table("a", "A"), "b.toml": "# for all\nbackground = false\n" + table("b", "B")}, line: "b.toml:2",
		},
		{
			name: "against the person", mine: "\nbackground = true\n" + good,
			admin: map[string]string{"a.toml": "background = false\n"}, line: "a.toml:1",
			warned: "keyfob.toml:2: background = true is not used, since an administrator forbids it in ",
		},
		{name: "both forbid it", mine: "background = false\n", admin: map[string]string{"a.toml": "background = false\n"}, line: "a.toml:1"},
		{name: "an administrator allows it", mine: good, admin: map[string]string{"a.toml": "background = true\n"}, want: true},
		{
			name: "which is no order", mine: "background = false\n", admin: map[string]string{"a.toml": "background = true\n"},
			line: "keyfob.toml:1",
		},
		{
			name: "administrators disagree", mine: good,
			admin: map[string]string{"a.toml": "background = false\n", "b.toml": "background = true\n"}, line: "a.toml:1",
		},
		{
			name: "an administrator's slip", mine: good, admin: map[string]string{"a.toml": "background = \"no\"\n" + table("a", "A")},
			want: true, warned: `a.toml:1:1: "background" is text, not true or false: write it without quotes: background = true, or false`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keyfob.toml")
			if tt.mine != "" {
				path = write(t, tt.mine)
			}
			s, err := config.LoadAll(path, folder(t, tt.admin))
			if err != nil {
				t.Fatal(err)
			}
			if s.Background != tt.want {
				t.Errorf("it is %v", s.Background)
			}
			e := auth.AsError(s.MayBackground())
			if (e == nil) != tt.want {
				t.Fatalf("said %v", e)
			}
			if !tt.want && (e.Kind != auth.KindUsage || e.Code != auth.CodeBackground || !strings.Contains(e.What, tt.line+" keeps")) {
				t.Errorf("said %v", e)
			}
			said := ""
			for _, e := range s.Ignored {
				said += e.Error()
			}
			if (said != "") != (tt.warned != "") || !strings.Contains(said, tt.warned) {
				t.Errorf("warned %q", said)
			}
		})
	}
}

// TestBackgroundOfSettingsThatCannotBeRead is an administrator's to forbid.
func TestBackgroundOfSettingsThatCannotBeRead(t *testing.T) {
	s, err := config.LoadAll(write(t, "oops"), folder(t, map[string]string{"a.toml": "background = false\n"}))
	if err == nil || s.Background || s.MayBackground() == nil {
		t.Errorf("%v, %v", s.Background, err)
	}
}

func TestBadBackground(t *testing.T) {
	for text, want := range map[string]string{
		"background = \"false\"":                  `:1:1: "background" is text, not true or false: write it without quotes: background = true, or false`,
		"# x\nbackground = 0":                     `:2:1: "background" is a number, not true or false`,
		"[background]\n":                          `"background" is a table, not true or false`,
		"background = true\nbackground = false\n": `:2`,
		good + "background = false\n":             `put it at the top of the file, above the first [table]`,
		"[reminders]\nbackground = false":         `unknown key "background" in [reminders]: put it at the top of the file`,
		"backgruond = false\n":                    `did you mean "background"?`,
	} {
		_, err := config.Load(write(t, text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestBackgroundIsKept by whatever else a command writes into the file.
func TestBackgroundIsKept(t *testing.T) {
	const before = "background = false # mine\n\n"
	path := write(t, before+good)
	if err := config.SetClearAfter(t.Context(), path, time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := config.SetNotifications(t.Context(), path, false); err != nil {
		t.Fatal(err)
	}
	if err := config.AddTable(t.Context(), path, "more", []config.KeyValue{
		{Key: "issuer", Value: "https://sso.example.com"}, {Key: "client_id", Value: "x"},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Remove(t.Context(), path, "more"); err != nil {
		t.Fatal(err)
	}
	got := read(t, path)
	if s, err := config.Load(path); err != nil || s.Background || !strings.HasPrefix(got, before) {
		t.Errorf("%v: %q", err, got)
	}
}
