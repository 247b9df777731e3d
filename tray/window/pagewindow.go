package window

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"keyfob/app/agent"
	"keyfob/tray/window/widget"
)

// pageWindow is the window of a frame, for as long as this process lives. Its
// fields belong to Fyne's goroutine.
type pageWindow struct {
	cfg    ShowConfig
	frame  *frame
	busy   int  // how much is under way
	closed bool // by a person
}

func newPageWindow(cfg ShowConfig, win fyne.Window) *pageWindow {
	w := &pageWindow{cfg: cfg}
	f := &frame{win: win, engine: cfg.Engine, make: allPages(), now: time.Now, run: w.run, after: after, quit: w.quit, drawn: cfg.Drawn}
	w.frame = f
	if cfg.Quiet {
		f.guard = widget.NewKeyGuard(f.now, f.escape)
	}
	win.SetPadded(false)
	win.SetCloseIntercept(w.quit)
	win.Resize(sizeFor(cfg.Page))
	win.CenterOnScreen()
	if c, ok := win.Canvas().(desktop.Canvas); ok {
		c.SetOnKeyDown(func(ev *fyne.KeyEvent) {
			if ev.Name == fyne.KeyEscape {
				f.escape()
			}
		})
	}
	return w
}

// quit closes the window. While something is under way the process ends with
// that: the engine gives a sign-in up when whoever asked for it is gone.
func (w *pageWindow) quit() {
	if w.closed = true; w.busy == 0 {
		w.cfg.Exit(nil)
	}
	w.frame.win.Hide()
}

// run does work aside, and then calls then on Fyne's goroutine.
func (w *pageWindow) run(ctx context.Context, work func(context.Context) error, then func(error)) {
	w.busy++
	go func() {
		err := work(ctx)
		fyne.Do(func() {
			then(err)
			if w.busy--; w.busy == 0 && w.closed {
				w.cfg.Exit(nil)
			}
		})
	}()
}

// after calls then on Fyne's goroutine in a while, unless ctx has ended.
func after(ctx context.Context, d time.Duration, then func()) {
	go func() {
		select {
		case <-time.After(d):
			fyne.Do(then)
		case <-ctx.Done():
		}
	}()
}

// follow passes on what the engine says, what other pages are asked for, and
// that a minute has passed, until the engine is gone.
func (w *pageWindow) follow(sessions *watch) {
	f, more := w.frame, w.cfg.More
	minute := time.NewTicker(time.Minute)
	defer minute.Stop()
	for {
		select {
		case snaps := <-sessions.updates:
			fyne.Do(func() { f.update(snaps) })
		case <-minute.C:
			fyne.Do(func() { f.update(f.snaps) })
		case key, ok := <-more:
			switch {
			case !ok:
				more = nil
			case key == agent.PageNone:
				fyne.Do(f.closeUnused)
			default:
				fyne.Do(func() { w.show(key) })
			}
		case err := <-sessions.gone:
			w.cfg.Exit(err)
		}
	}
}

// show opens the page of key, which a person asked for elsewhere.
func (w *pageWindow) show(key string) {
	w.closed = false
	w.frame.requested()
	w.frame.open(key)
	w.frame.win.Show()
	w.frame.win.RequestFocus()
	w.cfg.Opened()
}
