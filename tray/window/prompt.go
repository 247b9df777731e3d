package window

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"keyfob/app/agent/person"
	"keyfob/auth/session"
)

// PromptConfig is what [Prompt] needs.
type PromptConfig struct {
	App    func() fyne.App // called once, when there is something to ask
	Icon   fyne.Resource
	Engine *person.Client
	Tools  []string      // whose sessions have ended
	More   <-chan string // asks whether the window still answers, whatever the text
	Drawn  func()        // tells that the window has been drawn
	Opened func()        // answers the next one of More

	// Show makes the window seen. An error says that it can never be.
	Show func(fyne.Window) error

	// Exit ends the process. Fyne's own way out, App.Quit, can crash: a
	// movement of the mouse that is on its way to a window which is being
	// closed reaches a nil pointer (Fyne 2.7.2, processMouseMoved). Nothing
	// here has to be put away.
	Exit func(error)
}

// Prompt asks a person to sign in again, in one window, and calls cfg.Exit when
// nothing is left to ask: signed in, here or elsewhere, put off, or closed. It
// has to be called on the main goroutine, which becomes Fyne's. It returns when
// there is nothing to ask from the start. An error says that the engine is
// gone, or is that of cfg.Show.
func Prompt(ctx context.Context, cfg PromptConfig) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sessions, err := newWatch(ctx, cfg.Engine)
	if err != nil || sessions == nil {
		return err
	}
	if len(promptView(sessions.first, cfg.Tools, nil, time.Now()).Rows) == 0 {
		return nil
	}

	app := cfg.App()
	p := &prompt{
		tools: cfg.Tools, tries: map[string]attempt{}, now: time.Now, quit: func() { cfg.Exit(nil) },
		ask: promptRequests{
			login: func(ctx context.Context, tool string) error {
				return cfg.Engine.Login(ctx, tool, session.SignInOptions{})
			},
			cancel: cfg.Engine.Cancel,
			later:  cfg.Engine.Later,
		},
		start: func(work func(context.Context) error, then func(error)) {
			go func() {
				err := work(ctx)
				fyne.Do(func() { then(err) })
			}()
		},
	}
	p.drawing = newPromptDrawing(app, cfg.Icon, time.Now, promptActions{
		signIn: p.signIn, cancel: p.cancel, later: p.later, drawn: cfg.Drawn,
	})
	p.update(sessions.first)

	if err := cfg.Show(p.drawing.win); err != nil {
		return err
	}
	go func() {
		more := cfg.More
		for {
			select {
			case s := <-sessions.updates:
				fyne.Do(func() { p.update(s) })
			case _, ok := <-more:
				if !ok {
					more = nil
					break
				}
				fyne.Do(cfg.Opened)
			case err := <-sessions.gone:
				cfg.Exit(err)
			}
		}
	}()
	app.Run()
	return nil
}
