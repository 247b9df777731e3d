package prompts_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"keyfob/app/prompts"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// ended is a session that has ended.
func ended(tool, set string) session.Snapshot {
	f := signedIn(tool, set)
	f.Tokens.Refresh, f.Tokens.RefreshRefused = "", true
	return engine.Derive(f, begin.Add(9*time.Hour))
}

// TestOverRestarts restarts the program after each step, and before the first
// one of the keychain's answers.
func TestOverRestarts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "prompts.json")
	soon := engine.Derive(signedIn("a", "1"), begin.Add(7*time.Hour+50*time.Minute))
	sooner := engine.Derive(signedIn("a", "1"), begin.Add(7*time.Hour+56*time.Minute))
	unread := session.Snapshot{Tool: "a", State: session.Unavailable}
	for i, tt := range []struct {
		what string
		all  []session.Snapshot
		want string
	}{
		{"first lead time", []session.Snapshot{soon}, "remind a"},
		{"again", []session.Snapshot{soon}, ""},
		{"second lead time", []session.Snapshot{sooner}, "remind a"},
		{"again", []session.Snapshot{sooner}, ""},
		{"the end", []session.Snapshot{ended("a", "1")}, "prompt a"},
		{"again", []session.Snapshot{ended("a", "1")}, ""},
		{"settings that cannot be read", nil, ""},
		{"fixed", []session.Snapshot{ended("a", "1")}, ""},
		{"a locked keychain", []session.Snapshot{unread}, ""},
		{"opened", []session.Snapshot{ended("a", "1")}, ""},
		{"another one ends", []session.Snapshot{ended("a", "1"), ended("b", "7")}, "prompt b"},
		{"the next session", []session.Snapshot{ended("a", "2"), ended("b", "7")}, "prompt a"},
		{"the tool is gone", []session.Snapshot{ended("b", "7")}, ""},
		{"it is back", []session.Snapshot{ended("a", "2"), ended("b", "7")}, "prompt a"},
	} {
		shown := prompts.Load(path)
		if got := words(shown.Update([]session.Snapshot{unread, {Tool: "b", State: session.Unavailable}})); got != "" && tt.all != nil {
			t.Errorf("%d, %s: told %q before the keychain was read", i, tt.what, got)
		}
		shown = prompts.Load(path)
		if got := words(shown.Update(tt.all)); got != tt.want {
			t.Errorf("%d, %s: told %q, want %q", i, tt.what, got, tt.want)
		}
		if err := shown.Save(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamagedFiles tells once more what a file that cannot be read may have
// held, and is as before after that.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.json")
	var shown prompts.Shown
	all := []session.Snapshot{ended("a", "1")}
	shown.Update(all)
	if err := shown.Save(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string]string{
		"missing":         "",
		"empty":           " ",
		"cut":             string(content[:len(content)/2]),
		"not JSON":        "\x00\xff{",
		"another shape":   `{"version":1,"told":["a"]}`,
		"null":            "null",
		"a newer version": strings.Replace(string(content), `"version":1`, `"version":2`, 1),
		"wrong types":     `{"version":1,"told":{"a":{"set":1,"ended":"yes"}}}`,
		"very big":        `{"version":1,"told":{"a":{"set":"` + strings.Repeat("1", 2<<20) + `"}}}`,
		"very deep":       strings.Repeat(`{"told":`, 20000),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "prompts.json")
			if damaged != "" {
				if err := os.WriteFile(path, []byte(damaged), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for i, want := range []string{"prompt a", "", ""} {
				shown := prompts.Load(path)
				if got := words(shown.Update(all)); got != want {
					t.Errorf("start %d: told %q, want %q", i, got, want)
				}
				if err := shown.Save(t.Context(), path); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestTheFile holds what is written: names of sign-ins, for the user alone,
// and nothing where nothing was told.
func TestTheFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	path := filepath.Join(dir, "prompts.json")
	var shown prompts.Shown
	facts := signedIn("a", "SETNAME")
	facts.Tokens.Access, facts.Tokens.Refresh, facts.Tokens.ID = "CANARY1", "CANARY2", "CANARY3"
	facts.Tokens.Account = auth.Account{Email: "ann@example.com"}
	shown.Update([]session.Snapshot{engine.Derive(facts, begin)})
	if err := shown.Save(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("something was written though nothing was told: %v", err)
	}
	facts.Tokens.Refresh = ""
	shown.Update([]session.Snapshot{engine.Derive(facts, begin.Add(9*time.Hour))})
	if err := shown.Save(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "SETNAME") || strings.Contains(string(data), "CANARY") || strings.Contains(string(data), "ann") {
		t.Errorf("the file holds %s", data)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("the file's mode is %o", mode)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("beside the file there is more: %v, %v", entries, err)
	}
	before := info.ModTime()
	if err := shown.Save(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(before) {
		t.Errorf("it was written again without anything new, %v", err)
	}
}

// TestAFileThatCannotBeWritten leaves the old one and says so.
func TestAFileThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "prompts.json")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	shown := prompts.Load(path)
	shown.Update([]session.Snapshot{ended("a", "1")})
	if err := shown.Save(t.Context(), path); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
