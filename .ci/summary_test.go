package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSummaryOfRealRuns summarises what the real go command says of small
// modules.
func TestSummaryOfRealRuns(t *testing.T) {
	const head = "package a\nimport \"testing\"\n"
	for _, c := range []struct {
		name, test string
		ok         bool
		last       string
		shows      []string
		hides      []string
	}{
		{
			"passes and skips", head + `
func TestA(t *testing.T) { t.Log("quiet"); t.Run("x", func(*testing.T) {}); t.Run("y", func(*testing.T) {}) }
func TestB(t *testing.T) { t.Skip("no such thing here") }`,
			true, "2 passed, 0 failed, 1 skipped",
			[]string{"ok    example.test/a", "no such thing here"},
			[]string{"quiet", "TestA"},
		},
		{
			"a subtest fails", head + `
func TestA(t *testing.T) { t.Run("x", func(t *testing.T) { t.Log("before"); t.Error("broken") }); t.Run("y", func(*testing.T) {}) }`,
			false, "1 passed, 1 failed, 0 skipped",
			[]string{"TestA/x", "before", "broken"},
			nil,
		},
		{
			"a test fails after its subtests passed", head + `
func TestA(t *testing.T) { t.Run("x", func(t *testing.T) {}); t.Error("late") }`,
			false, "1 passed, 1 failed, 0 skipped",
			[]string{"late"},
			nil,
		},
		{
			"a test ends the process", "package a\nimport (\"os\"; \"testing\")\n" + `
func TestA(t *testing.T) { println("last words"); os.Exit(3) }`,
			false, "0 passed, 1 failed, 0 skipped",
			[]string{"last words"},
			nil,
		},
		{
			"it does not build", head + `func TestA(t *testing.T) { undefinedName() }`,
			false, "0 passed, 1 failed, 0 skipped",
			[]string{"undefinedName"},
			nil,
		},
		{
			"nothing to run", "package a\n",
			false, "0 passed, 0 failed, 0 skipped",
			[]string{"no test ran"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{"go.mod": "module example.test/a\n\ngo 1.26\n", "a_test.go": c.test} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			run := exec.Command("go", "test", "-json", "./...")
			run.Dir = dir
			events, _ := run.Output() // it fails in most of these cases
			var out strings.Builder
			s := &summary{out: &out, tests: map[string]*test{}, builds: map[string]*strings.Builder{}, ran: map[string]int{}}
			if err := s.read(strings.NewReader(string(events))); err != nil {
				t.Fatal(err)
			}
			if ok := s.close(); ok != c.ok {
				t.Errorf("ok is %v, want %v", ok, c.ok)
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if got := lines[len(lines)-1]; got != c.last {
				t.Errorf("last line %q, want %q", got, c.last)
			}
			for _, want := range c.shows {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not shown", want)
				}
			}
			for _, not := range c.hides {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q is shown", not)
				}
			}
			if t.Failed() {
				t.Logf("summary:\n%s", out.String())
			}
		})
	}
}
