package window

import (
	"context"
	"errors"
	"runtime/debug"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"

	"keyfob/app/agent"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// ShowConfig is what [Show] needs.
type ShowConfig struct {
	App    func() fyne.App
	Engine *agent.Client
	Page   string            // the key of the page to begin with
	Show   func(fyne.Window) // makes the window seen
	Quiet  bool              // nobody asked for it
	More   <-chan string     // keys of pages that are asked for while the window is open
	Opened func()            // tells that the window shows the next one of More
	Exit   func(err error)   // as in [PromptConfig]
}

// Show opens the window on a page and stays until it is closed. It has to be
// called on the main goroutine, which becomes Fyne's. An error says that the
// engine is gone.
func Show(ctx context.Context, cfg ShowConfig) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	collect := debug.SetGCPercent(-1) // fonts are read until the window shows, and none of that is garbage
	var (
		first   []session.Snapshot
		updates <-chan []session.Snapshot
		gone    <-chan error
		err     error
		heard   = make(chan struct{})
	)
	go func() { // while the window is made
		first, updates, gone, err = watch(ctx, cfg.Engine)
		close(heard)
	}()
	app := cfg.App()
	f := &frame{win: app.NewWindow("Keyfob"), engine: cfg.Engine, make: allPages(), now: time.Now}
	if <-heard; err != nil || first == nil {
		return err
	}
	f.snaps = first
	if cfg.Quiet {
		f.guard = widget.NewKeyGuard(f.now, f.escape)
	}
	// A window that is closed while something is under way ends with that: the
	// engine gives a sign-in up when whoever asked for it is gone.
	busy, closed := 0, false
	f.quit = func() {
		if closed = true; busy == 0 {
			cfg.Exit(nil)
		}
		f.win.Hide()
	}
	f.run = func(pageCtx context.Context, work func(context.Context) error, then func(error)) {
		busy++
		go func() {
			err := work(pageCtx)
			fyne.Do(func() {
				then(err)
				if busy--; busy == 0 && closed {
					cfg.Exit(nil)
				}
			})
		}()
	}
	f.after = func(pageCtx context.Context, d time.Duration, then func()) {
		go func() {
			select {
			case <-time.After(d):
				fyne.Do(then)
			case <-pageCtx.Done():
			}
		}()
	}
	f.win.SetPadded(false)
	f.win.SetCloseIntercept(f.quit)
	f.win.Resize(sizeFor(cfg.Page))
	f.win.CenterOnScreen()
	if c, ok := f.win.Canvas().(desktop.Canvas); ok {
		c.SetOnKeyDown(func(ev *fyne.KeyEvent) {
			if ev.Name == fyne.KeyEscape {
				f.escape()
			}
		})
	}
	fonts := readFonts()
	f.prepare()
	cfg.Show(f.win) // which takes as long as the fonts do
	<-fonts
	f.open(cfg.Page)
	go func() {
		minute := time.NewTicker(time.Minute)
		defer minute.Stop()
		for {
			select {
			case snaps := <-updates:
				fyne.Do(func() { f.update(snaps) })
			case <-minute.C:
				fyne.Do(func() { f.update(f.snaps) })
			case key, ok := <-cfg.More:
				switch {
				case !ok:
					cfg.More = nil
					continue
				case key == agent.PageNone:
					fyne.Do(f.closeUnused)
					continue
				}
				fyne.Do(func() {
					closed = false
					f.requested()
					f.open(key)
					f.win.Show()
					f.win.RequestFocus()
					cfg.Opened()
				})
			case err := <-gone:
				cfg.Exit(engineGone(ctx, err))
			}
		}
	}()
	debug.SetGCPercent(collect)
	app.Run()
	return nil
}

// readFonts has Fyne read its fonts, and tells when it has. Only before anything
// is drawn that has text may that be done aside.
func readFonts() <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, bold := range []bool{false, true} {
			fyne.MeasureText("Keyfob", theme.TextSize(), fyne.TextStyle{Bold: bold})
		}
	}()
	return done
}

// The size of the window at first, in Fyne's units.
const (
	frameWidth  = 720
	frameHeight = 520

	waitingWidth  = 540
	waitingHeight = 250

	waitingHelpHeight = 540 // with the questions below
)

// sizeFor is the size of a window that begins with a page. What comes up unasked
// is no larger than it needs.
func sizeFor(page string) fyne.Size {
	if strings.HasPrefix(page, agent.PageWaiting+"/") {
		return fyne.NewSize(waitingWidth, waitingHeight)
	}
	return fyne.NewSize(frameWidth, frameHeight)
}

// watch follows the sessions until ctx ends or the engine is gone, and waits
// for how they are at first. That is nil when this process was told to end.
func watch(ctx context.Context, engine *agent.Client) (first []session.Snapshot, _ <-chan []session.Snapshot, _ <-chan error, _ error) {
	updates, gone := make(chan []session.Snapshot), make(chan error, 1)
	go func() {
		gone <- engine.Watch(ctx, func(s []session.Snapshot) error {
			select {
			case updates <- s:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	select {
	case first = <-updates:
		if first == nil {
			first = []session.Snapshot{}
		}
		return first, updates, gone, nil
	case err := <-gone:
		return nil, nil, nil, engineGone(ctx, err)
	case <-time.After(firstWord):
		return nil, nil, nil, errors.New("the keyfob that runs says nothing: quit it and start it again")
	}
}
