package desktop

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
)

// windowProgram shows every window; it stands beside this program.
const windowProgram = "keyfob-window"

// windowProcess is the window program while it runs. It belongs to one
// goroutine.
type windowProcess struct {
	dir    string        // the engine's socket
	cancel func()        // ends the program
	closed chan struct{} // closed when the program has ended; nil while there is none
	input  *os.File      // what it reads
	quiet  string        // the page that it shows although nobody asked for it; "" for another
	last   string        // the page that it was told of last
	told   int64         // of how many pages
	turned *lineCount    // to how many of them it has turned: a line each
}

// lineCount counts the lines that are written to it. It may be read from any
// goroutine.
type lineCount struct{ n atomic.Int64 }

// Write implements [io.Writer].
func (l *lineCount) Write(p []byte) (int, error) {
	l.n.Add(int64(bytes.Count(p, []byte{'\n'})))
	return len(p), nil
}

func newWindowProcess(dir string) windowProcess {
	return windowProcess{dir: dir, cancel: func() {}}
}

// prompt asks for the sessions that ended. A window that is open already adds
// them by itself, so there is one window whatever number has ended.
func (w *windowProcess) prompt(ctx context.Context, ended []session.Snapshot) error {
	if w.closed != nil {
		return nil
	}
	var tools []string
	for _, s := range ended {
		tools = append(tools, s.Tool)
	}
	return w.start(ctx, "prompt", tools...)
}

// page shows a page of the window, which is opened if it is not.
func (w *windowProcess) page(ctx context.Context, key string) error {
	w.quiet = ""
	if w.closed != nil && w.turnTo(key) == nil {
		return nil
	}
	w.close() // it may be on its way out
	return w.start(ctx, "show", key)
}

// pageQuietly shows a page that nobody asked for, in a window that takes no
// keyboard. None is open.
func (w *windowProcess) pageQuietly(ctx context.Context, key string) error {
	w.quiet = key
	return w.start(ctx, "show", "--quiet", key)
}

// withdraw takes a page away that nobody asked for, unless somebody has turned to
// it, which the program knows.
func (w *windowProcess) withdraw(key string) {
	if w.closed == nil || w.quiet != key {
		return
	}
	_ = w.write(agent.PageNone)
}

func (w *windowProcess) write(line string) error {
	_ = w.input.SetWriteDeadline(time.Now().Add(time.Second))
	_, err := w.input.WriteString(line + "\n")
	return err
}

// turnTo tells the window that is open to show a page.
func (w *windowProcess) turnTo(key string) error {
	err := w.write(key)
	if err == nil {
		w.told, w.last = w.told+1, key
	}
	return err
}

// ended takes note that the program has ended. If that was before it could turn
// to the page that it was told of last, a person still waits for that page.
func (w *windowProcess) ended(ctx context.Context) error {
	w.close()
	if w.told == w.turned.n.Load() || ctx.Err() != nil {
		return nil
	}
	return w.start(ctx, "show", w.last)
}

func (w *windowProcess) start(ctx context.Context, verb string, args ...string) error {
	program, err := findWindowProgram()
	if err != nil {
		return err
	}
	fail := func(err error) error {
		return &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeWindow,
			What: "the window program does not start",
			Do:   "use the tray's menu, or `keyfob help`",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		return fail(err)
	}
	defer func() { _ = theirs.Close() }()
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, program, append([]string{verb, "--dir", w.dir}, args...)...)
	cmd.Env = windowEnv(os.Environ())
	cmd.Stdin = theirs
	turned := new(lineCount)
	cmd.Stdout = turned
	cmd.WaitDelay = time.Second // nobody else should have its output open
	if err := cmd.Start(); err != nil {
		cancel()
		_ = ours.Close()
		return fail(err)
	}
	closed := make(chan struct{})
	w.cancel, w.closed, w.input = cancel, closed, ours
	w.told, w.turned = 0, turned
	go func() { _ = cmd.Wait(); close(closed) }()
	return nil
}

// close ends the window program and waits for it.
func (w *windowProcess) close() {
	w.cancel()
	if w.closed != nil {
		<-w.closed
		w.closed = nil
		_ = w.input.Close()
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
		return "", &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeWindow,
			What: "there is no keyfob-window beside this program, so no window can open",
			Do:   "install it there, or build both with `make build`; the tray, notifications and the command line do all of it too",
			Who:  auth.WhoYou,
			Err:  err,
		}
	}
	return path, nil
}
