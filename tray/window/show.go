package window

import (
	"context"
	"runtime/debug"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"keyfob/app/agent"
	"keyfob/app/agent/person"
)

// ShowConfig is what [Show] needs.
type ShowConfig struct {
	App    func() fyne.App
	Engine *person.Client
	Page   string                  // the key of the page to begin with
	Show   func(fyne.Window) error // as in [PromptConfig]
	Quiet  bool                    // nobody asked for it
	More   <-chan string           // keys of pages that are asked for while the window is open
	Drawn  func()                  // tells that the first page has been drawn
	Opened func()                  // tells that the window shows the next one of More
	Exit   func(err error)         // as in [PromptConfig]
}

// Show opens the window on a page and stays until it is closed. It has to be
// called on the main goroutine, which becomes Fyne's. An error says that the
// engine is gone, or is that of cfg.Show.
func Show(ctx context.Context, cfg ShowConfig) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	collect := debug.SetGCPercent(-1) // fonts are read until the window shows, and none of that is garbage
	var (
		sessions *watch
		err      error
		heard    = make(chan struct{})
	)
	go func() { // while the window is made
		sessions, err = newWatch(ctx, cfg.Engine)
		close(heard)
	}()
	app := cfg.App()
	w := newPageWindow(cfg, app.NewWindow("Keyfob"))
	if <-heard; err != nil || sessions == nil {
		return err
	}
	w.frame.snaps = sessions.first
	fonts := readFonts()
	w.frame.prepare()
	err = cfg.Show(w.frame.win) // which takes as long as the fonts do
	if <-fonts; err != nil {
		return err
	}
	w.frame.open(cfg.Page)
	go w.follow(sessions)
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
