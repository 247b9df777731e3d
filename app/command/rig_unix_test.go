//go:build unix

package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// built are the two programs, which are built once for all tests.
var built struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	if socket := os.Getenv(impostorVariable); socket != "" {
		fmt.Println(impostor(socket))
		os.Exit(1)
	}
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// programs is a folder with keyfob and keyfob-tray in it.
func programs(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "kf"); built.err != nil {
			return
		}
		for name, pkg := range map[string]string{"keyfob": "keyfob/app/command", "keyfob-tray": "keyfob"} {
			cmd := exec.Command("go", "build", "-o", filepath.Join(built.dir, name), pkg)
			cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
			if out, err := cmd.CombinedOutput(); err != nil {
				built.err = errors.Join(built.err, err, errors.New(string(out)))
			}
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.dir
}

// install puts the thin command into a folder of its own.
func install(t *testing.T) (dir, keyfob string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	keyfob = filepath.Join(dir, "keyfob")
	data, err := os.ReadFile(filepath.Join(programs(t), "keyfob"))
	if err == nil {
		err = os.WriteFile(keyfob, data, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, keyfob
}

// place is where commands are typed: a home, a runtime folder, and no desktop.
type place struct{ home, runtime string }

func newPlace(t *testing.T) place {
	t.Helper()
	dir, err := os.MkdirTemp("", "kf") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := place{home: filepath.Join(dir, "home"), runtime: filepath.Join(dir, "run")}
	if err := errors.Join(os.Mkdir(p.home, 0o700), os.Mkdir(p.runtime, 0o700)); err != nil {
		t.Fatal(err)
	}
	return p
}

// engineDir is the engine's folder.
func (p place) engineDir() string { return filepath.Join(p.runtime, "keyfob") }

// result is what came of a command.
type result struct {
	code     int
	out, err string
}

// run runs a command line with further variables.
func (p place) run(t *testing.T, program string, args []string, env ...string) result {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = p.home
	cmd.Env = append([]string{
		"HOME=" + p.home, "XDG_RUNTIME_DIR=" + p.runtime, "PATH=/usr/bin:/bin",
		"DBUS_SESSION_BUS_ADDRESS=unix:path=/nobody", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nobody",
	}, env...)
	cmd.Stdin = strings.NewReader("typed\n")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}
