package app_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"keyfob/app/config"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
)

// personAtBrowser is the system browser of the README's script: it signs in at
// the address that it is given.
func personAtBrowser() {
	if err := (idp.Person{Username: "ann", Password: "pw"}).SignIn(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestReadmeCommands runs every command that the README shows, in its order,
// with a provider of the test's in the place of the company's.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	script := strings.Builder{}
	script.WriteString("mkdir home/.config/keyfob\nexec sh write.sh\nexec keyfob agent &engine&\nexec sh wait.sh\n")
	commands := readmeCommands(t)
	for i, c := range commands {
		switch {
		case slices.Index(commands, c) < i:
			continue // it has run
		case c == "keyfob": // there is no desktop here
			fmt.Fprintf(&script, "! exec %s\nstderr 'without a desktop'\n", c)
		case c == "keyfob quit":
			fmt.Fprintf(&script, "exec %s\nwait engine\nexec keyfob agent &engine&\nexec sh wait.sh\n", c)
		case strings.HasPrefix(c, "make "), strings.HasPrefix(c, "go "):
			continue // `make test` runs this test; TestReadmeRun, TestReadmeInstall and TestReadmeBuild are for the others
		case c == "keyfob demo":
			fmt.Fprintf(
				&script,
				"exec sh demo%d.sh &demo%d&\nwait-for demo%d.err 'sign in as'\nkill -INT demo%d\nwait demo%d\n",
				i,
				i,
				i,
				i,
				i,
			)
		case strings.Contains(c, "curl "):
			fmt.Fprintf(&script, "exec keyfob login plant4\nexec sh curl%d.sh\nstdout hello\n", i)
		default:
			fmt.Fprintf(&script, "exec %s\n", c)
		}
	}
	script.WriteString("exec keyfob quit --wait\n")
	script.WriteString(
		"-- write.sh --\nprintf '[tools.plant4]\\nissuer = \"%s\"\\nclient_id = \"renews\"\\n" +
			"home = \"https://twx.example.com\"\\n" +
			"scopes = [\"openid\", \"offline_access\"]\\n' \"$ISSUER\" >home/.config/keyfob/keyfob.toml\n",
	)
	script.WriteString(
		"-- wait.sh --\nfor i in $(seq 200); do [ -S \"$XDG_RUNTIME_DIR/keyfob/agent.sock\" ] && exit 0; sleep 0.05; done; exit 1\n",
	)
	address := regexp.MustCompile(`https://\S+`)
	for i, c := range commands {
		if c == "keyfob demo" {
			fmt.Fprintf(&script, "-- demo%d.sh --\nexec keyfob demo 2>demo%d.err\n", i, i)
		}
		if strings.Contains(c, "curl ") {
			fmt.Fprintf(
				&script,
				"-- curl%d.sh --\n%s\n",
				i,
				address.ReplaceAllLiteralString(strings.Replace(c, "curl ", "curl -sS ", 1), `"$ISSUER/api/hello"`),
			)
		}
	}

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Cmds: commandsOfScripts, Setup: func(env *testscript.Env) error {
		if err := setup(env); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(env.WorkDir, "opener", "xdg-open"), []byte("#!/bin/sh\nexec person-at-browser \"$1\"\n"), 0o755)
	}})
}

// TestReadmeRun is `make run` where there is no display.
func TestReadmeRun(t *testing.T) {
	authtest.NotShort(t, "it builds the program with make")
	if !strings.Contains(strings.Join(readmeCommands(t), "\n"), "make run") {
		t.Fatal("the README does not show make run")
	}
	cmd := exec.Command("make", "run")
	cmd.Dir = ".."
	run := t.TempDir()
	cmd.Env = append(
		os.Environ(),
		"DISPLAY=",
		"WAYLAND_DISPLAY=",
		"HOME="+home(t),
		"XDG_RUNTIME_DIR="+run,
		"DBUS_SESSION_BUS_ADDRESS=unix:path="+run+"/nobody",
	)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "\ndone ") {
		t.Errorf("make run without a display: %v\n%s", err, out)
	}
}

// TestReadmeBuild builds the programs as the README does without make.
func TestReadmeBuild(t *testing.T) {
	authtest.NotShort(t, "it builds the programs")
	bin := t.TempDir()
	var built []string
	for _, c := range readmeCommands(t) {
		if !strings.HasPrefix(c, "go ") {
			continue
		}
		words := strings.Fields(c)
		for i, w := range words {
			if name, ok := strings.CutPrefix(w, "bin/"); ok {
				words[i] = filepath.Join(bin, name)
				built = append(built, name)
			}
		}
		cmd := exec.Command(words[0], words[1:]...)
		cmd.Dir = ".."
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", c, err, out)
		} else if words[1] == "run" && !strings.HasPrefix(string(out), "keyfob ") {
			t.Errorf("%s printed %s", c, out)
		}
	}
	slices.Sort(built)
	if want := []string{"keyfob", "keyfob-tray", "keyfob-window"}; !slices.Equal(built, want) {
		t.Fatalf("the README builds %q, want %q", built, want)
	}
	for _, program := range []string{"keyfob", "keyfob-tray"} {
		if out, err := exec.Command(filepath.Join(bin, program), "version").Output(); err != nil ||
			!strings.HasPrefix(string(out), "keyfob ") {
			t.Errorf("%s version: %v %s", program, err, out)
		}
	}
}

// home is the user's own home, where Go keeps what it has built.
func home(t *testing.T) string {
	t.Helper()
	dir, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestReadmeSettings reads the settings that the README shows.
func TestReadmeSettings(t *testing.T) {
	blocks := readmeBlocks(t, "toml")
	if len(blocks) == 0 {
		t.Fatal("the README shows no settings")
	}
	file := filepath.Join(t.TempDir(), "keyfob.toml")
	if err := os.WriteFile(file, []byte(strings.Join(blocks, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := config.Load(file)
	if err != nil || len(s.Bad) > 0 || len(s.Tools) != strings.Count(strings.Join(blocks, ""), "[tools.") {
		t.Errorf("tools %v, not usable %v, error %v", s.Tools, s.Bad, err)
	}
}

// readmeCommands are the command lines of the README: whole lines of its sh
// blocks, and what stands in backticks and begins with keyfob.
func readmeCommands(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, m := range regexp.MustCompile("`(keyfob(?: [^`]*)?)`").FindAllStringSubmatch(readme(t), -1) {
		if strings.Contains(m[1], "keyfob.") { // a file's name
			continue
		}
		all = append(all, m[1])
	}
	for _, block := range readmeBlocks(t, "sh") {
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(line, " #")
			all = append(all, strings.TrimSpace(line))
		}
	}
	if len(all) < 10 {
		t.Fatalf("only these commands were found in the README: %q", all)
	}
	return all
}

func readmeBlocks(t *testing.T, language string) []string {
	t.Helper()
	var all []string
	for _, m := range regexp.MustCompile("(?ms)^ *```"+language+"\n(.*?)^ *```").FindAllStringSubmatch(readme(t), -1) {
		all = append(all, m[1])
	}
	return all
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadmeFiles looks for each file of the project that the README names.
func TestReadmeFiles(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\b(?:assets|auth|app)/[\w./-]+\.(?:png|md)`).FindAllString(string(readme), -1)
	if len(named) < 10 {
		t.Errorf("the README names %q: are these all?", named)
	}
	for _, file := range named {
		if _, err := os.Stat(filepath.Join("..", file)); err != nil {
			t.Error(err)
		}
	}
}
