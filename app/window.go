package app

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"keyfob/auth"
	"keyfob/auth/session"
)

// windowProgram shows every window; it stands beside this program.
const windowProgram = "keyfob-window"

// promptWindow is the window program while it asks a person to sign in again.
// It belongs to one goroutine.
type promptWindow struct {
	dir    string        // the engine's socket
	cancel func()        // ends the program
	closed chan struct{} // closed when the program has ended; nil while there is none
}

func newPromptWindow(dir string) promptWindow { return promptWindow{dir: dir, cancel: func() {}} }

// show asks for the sessions that ended. A window that is open already adds
// them by itself, so there is one window whatever number has ended.
func (w *promptWindow) show(ctx context.Context, ended []session.Snapshot) error {
	if w.closed != nil {
		return nil
	}
	program, err := findWindowProgram()
	if err != nil {
		return err
	}
	args := []string{"prompt", "--dir", w.dir}
	for _, s := range ended {
		args = append(args, s.Tool)
	}
	ctx, w.cancel = context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = windowEnv(os.Environ())
	if err := cmd.Start(); err != nil {
		w.cancel()
		return &auth.Error{Kind: auth.KindFailed, Code: "window", What: "the window program does not start", Do: "sign in from the tray or with `keyfob login`", Who: auth.WhoYou, Err: err}
	}
	closed := make(chan struct{})
	w.closed = closed
	go func() { _ = cmd.Wait(); close(closed) }()
	return nil
}

// close ends the window program and waits for it.
func (w *promptWindow) close() {
	w.cancel()
	if w.closed != nil {
		<-w.closed
		w.closed = nil
	}
}

// windowEnv gives the window program a language: Fyne complains on stderr
// about each of the system's "C" ones.
func windowEnv(env []string) []string {
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		if (name == "LC_ALL" || name == "LC_MESSAGES" || name == "LANG") && (value == "C" || strings.HasPrefix(value, "C.")) {
			return append(slices.Clone(env), "LC_ALL=en")
		}
	}
	return env
}

// findWindowProgram looks beside this program, then on PATH.
func findWindowProgram() (string, error) {
	name := windowProgram
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), name)
		if info, err := os.Stat(beside); err == nil && info.Mode().IsRegular() {
			return beside, nil
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", &auth.Error{Kind: auth.KindFailed, Code: "window", What: "there is no keyfob-window beside this program, so no window can ask you to sign in again", Do: "build it with `make build`; notifications and the tray still work", Who: auth.WhoYou, Err: err}
	}
	return path, nil
}
