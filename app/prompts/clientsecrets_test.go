package prompts_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"keyfob/app/prompts"
	"keyfob/auth/session"
)

// TestSecretsAreRemindedOnceEach follows two months before the end of a
// client's secret, over restarts of the program at each step.
func TestSecretsAreRemindedOnceEach(t *testing.T) {
	const day = 24 * time.Hour
	end := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	file := filepath.Join(t.TempDir(), "cache", "secrets.json")
	at := func(before time.Duration, ends ...time.Time) (told []string) {
		t.Helper()
		secrets := prompts.LoadSecretsTold(file)
		all := []session.Snapshot{{Tool: "none"}}
		for i, e := range ends {
			all = append(all, session.Snapshot{Tool: []string{"a", "b"}[i], SecretExpires: e})
		}
		for _, s := range secrets.Update(all, end.Add(-before)) {
			told = append(told, s.Tool)
		}
		if len(secrets.Update(all, end.Add(-before))) > 0 {
			t.Errorf("told twice %s before the end", before)
		}
		if err := secrets.Save(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		return told
	}
	for _, tt := range []struct {
		what   string
		before time.Duration
		ends   []time.Time
		want   []string
	}{
		{"two months ahead", 60 * day, []time.Time{end}, nil},
		{"30 days", 30 * day, []time.Time{end}, []string{"a"}},
		{"the day after", 29 * day, []time.Time{end}, nil},
		{"another tool, with 20 days left", 20 * day, []time.Time{end, end}, []string{"b"}},
		{"7 days", 7 * day, []time.Time{end, end}, []string{"a", "b"}},
		{"the clock is set back", 8 * day, []time.Time{end, end}, nil},
		{"one has a new secret", 6 * day, []time.Time{end.Add(365 * day), end}, nil},
		{"1 day", day, []time.Time{end.Add(365 * day), end}, []string{"b"}},
		{"the end", 0, []time.Time{end.Add(365 * day), end}, nil},
		{"the next year, away for the first two", -364*day - time.Hour, []time.Time{end.Add(365 * day)}, []string{"a"}},
		{"long after", -500 * day, []time.Time{end.Add(365 * day)}, nil},
	} {
		if got := at(tt.before, tt.ends...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: told of %q, want %q", tt.what, got, tt.want)
		}
	}
	for _, damaged := range []string{"", "null", "{", `{"a":7}`} {
		if err := os.WriteFile(file, []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := at(day, end); !slices.Equal(got, []string{"a"}) {
			t.Errorf("with the file %q: told of %q", damaged, got)
		}
	}
}

func TestSecretsFileThatCannotBeWritten(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (prompts.SecretsTold{}).Save(t.Context(), filepath.Join(blocked, "secrets.json")); err == nil {
		t.Error("nothing was written, and nothing said")
	}
}
