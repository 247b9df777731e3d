//go:build unix

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"keyfob/auth/authtest"
)

// tray is a whole program that says what it was given.
const tray = `#!/bin/sh
printf '%s|' "$$" "$PWD" "$KEYFOB_TEST" "$@"
cat
echo said >&2
exit 7
`

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// TestOtherVerbsAreTheWholePrograms has the thin command become the program beside
// it, with the same process, arguments, folder, variables and files.
func TestOtherVerbsAreTheWholePrograms(t *testing.T) {
	dir, keyfob := install(t)
	write(t, filepath.Join(dir, "keyfob-tray"), tray, 0o755)
	p := newPlace(t)
	for _, args := range [][]string{
		{},
		{"login", "plant4", "--no-browser"},
		{"tools"},
		{"tools", "secret", "plant4"},
		{"tools", "add", "x", "--client-id", "a b\n*"},
		{"check", "plant4"},
		{"agent"},
		{"autostart", "status"},
		{"demo", "--headless"},
		{"--config", "x", "tools", "list", "--json"},
		{"background-engine"},
		{"keychain-helper"},
	} {
		cmd := exec.Command(keyfob, args...)
		cmd.Dir, cmd.Env, cmd.Stdin = p.home, []string{"KEYFOB_TEST=ü", "PATH=/usr/bin:/bin"}, strings.NewReader("typed\n")
		var errs strings.Builder
		cmd.Stderr = &errs
		out, _ := cmd.Output()
		want := strings.Join(append([]string{strconv.Itoa(cmd.Process.Pid), p.home, "ü"}, args...), "|") + "|typed\n"
		if string(out) != want || errs.String() != "said\n" || cmd.ProcessState.ExitCode() != 7 {
			t.Errorf("%q: %d %q %q, want %q", args, cmd.ProcessState.ExitCode(), out, errs.String(), want)
		}
	}
}

// TestTheWholeProgramIsBesideTheFile follows links to the thin command, and never
// looks into PATH, the working directory or the folder of a link.
func TestTheWholeProgramIsBesideTheFile(t *testing.T) {
	dir, keyfob := install(t)
	elsewhere := t.TempDir()
	link := filepath.Join(elsewhere, "keyfob")
	if err := os.Symlink(keyfob, link); err != nil {
		t.Fatal(err)
	}
	const decoy = "#!/bin/sh\necho the wrong one\n"
	write(t, filepath.Join(elsewhere, "keyfob-tray"), decoy, 0o755)
	p := newPlace(t)
	write(t, filepath.Join(p.home, "keyfob-tray"), decoy, 0o755)
	for _, program := range []string{keyfob, link} {
		want := "keyfob: there is no " + filepath.Join(dir, "keyfob-tray") + ", "
		for _, verb := range []string{"token", "check"} { // one that would start an engine, and one that is handed over
			got := p.run(t, program, []string{verb, "plant4"}, "PATH="+elsewhere+":/bin:.")
			if got.code != 1 || got.out != "" || !strings.HasPrefix(got.err, want) || !strings.Contains(got.err, ": install ") {
				t.Errorf("%s without it: %+v, want %q", verb, got, want)
			}
		}
	}
	write(t, filepath.Join(dir, "keyfob-tray"), "#!/bin/sh\necho the right one\n", 0o755)
	for _, program := range []string{keyfob, link} {
		if got := p.run(t, program, []string{"tools", "list"}, "PATH="+elsewhere+":/bin:."); got.out != "the right one\n" {
			t.Errorf("%s: %+v", program, got)
		}
	}
}

// TestAWholeProgramThatCannotBeTrusted is not started, and says why.
func TestAWholeProgramThatCannotBeTrusted(t *testing.T) {
	const somebody = 12345
	for _, tt := range []struct {
		name, says string
		root       bool
		make       func(t *testing.T, path string)
	}{
		{"not executable", "is not executable", false, func(t *testing.T, path string) { write(t, path, tray, 0o644) }},
		{"a folder", "is not a file", false, func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}},
		{"everybody's", "can be written by other users", false, func(t *testing.T, path string) { write(t, path, tray, 0o777) }},
		{"another's", "belongs to another user", true, func(t *testing.T, path string) {
			write(t, path, tray, 0o755)
			if err := os.Chown(path, somebody, somebody); err != nil {
				t.Fatal(err)
			}
		}},
		{"a link to another's", "belongs to another user", true, func(t *testing.T, path string) {
			to := filepath.Join(t.TempDir(), "theirs")
			write(t, to, tray, 0o755)
			if err := os.Chown(to, somebody, somebody); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(to, path); err != nil {
				t.Fatal(err)
			}
		}},
		{"of another kind of machine", "cannot be started", false, func(t *testing.T, path string) { write(t, path, "\x7fELF no", 0o755) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.root {
				authtest.NeedRoot(t, "another user's file")
			}
			dir, keyfob := install(t)
			path := filepath.Join(dir, "keyfob-tray")
			tt.make(t, path)
			got := newPlace(t).run(t, keyfob, []string{"login", "plant4"})
			if got.code != 1 || got.out != "" || !strings.HasPrefix(got.err, "keyfob: "+path) || !strings.Contains(got.err, tt.says) ||
				!strings.Contains(got.err, ": install Keyfob again") {
				t.Errorf("%+v, want %q", got, tt.says)
			}
		})
	}
}

// TestSignalsReachTheWholeProgram ends it as if it had been started itself.
func TestSignalsReachTheWholeProgram(t *testing.T) {
	dir, keyfob := install(t)
	write(
		t,
		filepath.Join(dir, "keyfob-tray"),
		"#!/bin/sh\ntrap 'echo ended; exit 9' TERM\necho ready\nwhile :; do sleep 0.05; done\n",
		0o755,
	)
	child := authtest.StartChild(t, exec.Command(keyfob, "agent"))
	if line := child.Line(t); line != "ready" {
		t.Fatalf("it says %q", line)
	}
	if err := child.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if line := child.Line(t); line != "ended" {
		t.Errorf("it says %q", line)
	}
}

// TestTheCommandInTheWholeProgramsPlace is a link or a copy of the thin command by
// the other's name, which must not become itself for ever.
func TestTheCommandInTheWholeProgramsPlace(t *testing.T) {
	for name, put := range map[string]func(from, to string) error{
		"a link":      func(from, to string) error { return os.Symlink(filepath.Base(from), to) },
		"a hard link": os.Link,
		"a copy": func(from, to string) error {
			b, err := os.ReadFile(from)
			if err != nil {
				return err
			}
			return os.WriteFile(to, b, 0o755)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, keyfob := install(t)
			path := filepath.Join(dir, "keyfob-tray")
			if err := put(keyfob, path); err != nil {
				t.Fatal(err)
			}
			want := "keyfob: " + path + " is the command, not the whole program, so it was not started: install Keyfob again\n"
			for _, args := range [][]string{{}, {"login", "plant4"}} {
				if got := newPlace(t).run(t, keyfob, args, "PATH=/usr/bin:/bin"); got.code != 1 || got.out != "" || got.err != want {
					t.Errorf("%q: %+v, want %q", args, got, want)
				}
			}
		})
	}
}
