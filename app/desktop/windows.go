package desktop

import (
	"context"

	"keyfob/auth/session"
)

// windows are the two windows that may be open: the one that asks a person to
// sign in, and the one that the person opened. They belong to one goroutine.
type windows struct {
	prompt windowProcess
	main   windowProcess
	log    func(text string)
}

func newWindows(dir string, log func(string)) *windows {
	return &windows{prompt: newWindowProcess(dir), main: newWindowProcess(dir), log: log}
}

// askToSignIn opens the prompt for the sessions that have ended.
func (w *windows) askToSignIn(ctx context.Context, ended []session.Snapshot) {
	w.logError(w.prompt.prompt(ctx, ended))
}

// openPage shows a page that the person asked for.
func (w *windows) openPage(ctx context.Context, key string) { w.logError(w.main.page(ctx, key)) }

// offerPage shows a page that nobody asked for, in a window that takes no
// keyboard.
func (w *windows) offerPage(ctx context.Context, key string) {
	w.logError(w.main.pageQuietly(ctx, key))
}

func (w *windows) anyOpen() bool { return w.prompt.closed != nil || w.main.closed != nil }

func (w *windows) close() {
	w.prompt.close()
	w.main.close()
}

func (w *windows) logError(err error) {
	if err != nil {
		w.log(err.Error())
	}
}
