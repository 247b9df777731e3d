package desktop

import (
	"context"
	"sync/atomic"

	"keyfob/auth"
	"keyfob/auth/session"
)

// windows are the two windows that may be open: the one that asks a person to
// sign in, and the one that the person opened. They belong to one goroutine, but
// for what they say of a problem.
type windows struct {
	prompt  windowProcess
	main    windowProcess
	notices *notices
	log     func(text string)
	do      func(ctx context.Context, f func(context.Context)) error // as of [screen.do]

	problem atomic.Pointer[auth.Error] // why the last window was not drawn; nil when it was
	changed chan struct{}              // problem has changed
}

// windowKey is the notification that says that no window opens.
const windowKey = "/window"

func newWindows(dir string, n *notices, log func(string), do func(context.Context, func(context.Context)) error) *windows {
	w := &windows{notices: n, log: log, do: do, changed: make(chan struct{}, 1)}
	w.prompt, w.main = newWindowProcess(dir, w.drew), newWindowProcess(dir, w.drew)
	return w
}

// askToSignIn opens the prompt for the sessions that have ended.
func (w *windows) askToSignIn(ctx context.Context, ended []session.Snapshot) {
	w.failed(w.prompt.prompt(ctx, ended), false)
}

// openPage shows a page that the person asked for.
func (w *windows) openPage(ctx context.Context, key string) (opening, error) {
	o, err := w.main.page(ctx, key)
	w.failed(err, true)
	return o, err
}

// offerPage shows a page that nobody asked for, in a window that takes no
// keyboard.
func (w *windows) offerPage(ctx context.Context, key string) {
	w.failed(w.main.pageQuietly(ctx, key), false)
}

// promptEnded and mainEnded take note that a program has ended.
func (w *windows) promptEnded(ctx context.Context) { w.failed(w.prompt.ended(ctx), false) }

func (w *windows) mainEnded(ctx context.Context) { w.failed(w.main.ended(ctx), w.main.quiet == "") }

// failed tells the person that no window was drawn, with err; nil is for one that
// was. The menu says it until one is drawn; a notification comes once for each
// reason, and whenever a person asked for the window.
func (w *windows) failed(err error, asked bool) {
	if err == nil {
		return
	}
	e := auth.AsError(err)
	text := e.Error()
	if e.Err != nil {
		text += " (" + auth.Clean(e.Err.Error()) + ")"
	}
	w.log(text)
	before := w.problem.Swap(e)
	w.tellChange()
	if asked || before == nil || before.Code != e.Code {
		w.notices.show(windowKey, noWindowNote(e))
	}
}

// drew takes back what was said of an earlier window, now that one has been
// drawn. It is called on a goroutine of its own.
func (w *windows) drew(ctx context.Context) {
	if w.problem.Swap(nil) == nil {
		return
	}
	w.tellChange()
	_ = w.do(ctx, func(context.Context) { w.notices.dismiss(windowKey) })
}

func (w *windows) tellChange() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

func (w *windows) anyOpen() bool { return w.prompt.closed != nil || w.main.closed != nil }

func (w *windows) close() {
	w.prompt.close()
	w.main.close()
}

// openPage shows a page that the person asked for, and waits as [opening.wait]
// does. It is for any goroutine but the screen's.
func (s *screen) openPage(ctx context.Context, key string) (again bool, err error) {
	type answer struct {
		opening
		err error
	}
	asked := make(chan answer, 1)
	err = s.do(ctx, func(life context.Context) {
		o, err := s.windows.openPage(life, key)
		asked <- answer{o, err}
	})
	if err != nil {
		return false, err
	}
	a := <-asked
	if a.err != nil {
		return false, a.err
	}
	return a.wait(ctx)
}
