package desktop

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"keyfob/app/agent"
	"keyfob/auth/session"
)

// windowProgram shows every window; it stands beside this program.
const windowProgram = "keyfob-window"

// What the window program is started for.
const (
	promptVerb = "prompt"
	showVerb   = "show"
)

// windowProcess is the window program while it runs. It belongs to one
// goroutine.
type windowProcess struct {
	dir    string // the engine's socket
	within timer
	drew   func(context.Context) // called aside when a window has been drawn

	run    *windowRun    // nil while there is none
	closed chan struct{} // the run's ended; nil while there is none
	verb   string        // with which it was started
	args   []string      // what it was started with or, of a page, told last
	quiet  string        // the page that it shows although nobody asked for it; "" for another
}

func newWindowProcess(dir string, drew func(context.Context)) windowProcess {
	return windowProcess{dir: dir, within: newTimer, drew: drew}
}

// prompt asks for the sessions that ended. A window that is open already adds
// them by itself, so there is one window whatever number has ended; it has to say
// that it is still there.
func (w *windowProcess) prompt(ctx context.Context, ended []session.Snapshot) error {
	var tools []string
	for _, s := range ended {
		tools = append(tools, s.Tool)
	}
	if w.run != nil {
		if w.run.behind() { // those of before may not be asked for yet
			again := func(tool string) bool { return slices.Contains(tools, tool) }
			tools = append(slices.DeleteFunc(slices.Clone(w.args), again), tools...)
		}
		if _, err := w.run.tell(promptVerb); err == nil {
			w.args = tools
			return nil
		}
		w.close() // it is on its way out
	}
	return w.start(ctx, promptVerb, tools...)
}

// page shows a page of the window, which is opened if it is not.
func (w *windowProcess) page(ctx context.Context, key string) (opening, error) {
	w.quiet = ""
	if w.run != nil {
		if page, err := w.run.tell(key); err == nil {
			w.args = []string{key}
			return opening{w.run, page, key}, nil
		}
		w.close() // it is on its way out
	}
	err := w.start(ctx, showVerb, key)
	return opening{w.run, 1, key}, err
}

// pageQuietly shows a page that nobody asked for, in a window that takes no
// keyboard. None is open.
func (w *windowProcess) pageQuietly(ctx context.Context, key string) error {
	w.quiet = key
	return w.start(ctx, showVerb, "--quiet", key)
}

// withdraw takes a page away that nobody asked for, unless somebody has turned to
// it, which the program knows.
func (w *windowProcess) withdraw(key string) {
	if w.run != nil && w.quiet == key {
		_ = w.run.write(agent.PageNone)
	}
}

// ended takes note that the program has ended, and returns why it showed nothing.
// If it ended before it could turn to the page that it was told of last, somebody
// still waits for that page.
func (w *windowProcess) ended(ctx context.Context) error {
	r := w.run
	w.close()
	switch {
	case ctx.Err() != nil:
		return nil
	case r.drawn() && r.behind():
		return w.start(ctx, w.verb, w.args...)
	}
	return r.failure(w.verb, w.args)
}

func (w *windowProcess) start(ctx context.Context, verb string, args ...string) error {
	program, err := findWindowProgram()
	if err != nil {
		return noWindowProgram(verb, args, err)
	}
	run, err := startWindow(ctx, program, append([]string{verb, "--dir", w.dir}, args...), w.within, w.drew)
	if err != nil {
		return windowNotStarted(verb, args, err)
	}
	w.run, w.closed, w.verb, w.args = run, run.ended, verb, args
	return nil
}

// close ends the window program and waits for it.
func (w *windowProcess) close() {
	if w.run != nil {
		w.run.close()
		w.run, w.closed = nil, nil
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
	return exec.LookPath(name)
}
