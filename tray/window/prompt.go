package window

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/auth/session"
)

// firstWord bounds how long the engine may take to say how the sessions are.
const firstWord = 5 * time.Second

// PromptConfig is what [Prompt] needs.
type PromptConfig struct {
	App    func() fyne.App // called once, when there is something to ask
	Icon   fyne.Resource
	Engine *agent.Client
	Tools  []string          // whose sessions have ended
	Show   func(fyne.Window) // makes the window seen

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
// gone.
func Prompt(ctx context.Context, cfg PromptConfig) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	first, updates, gone, err := watch(ctx, cfg.Engine)
	if err != nil || first == nil {
		return err
	}
	if len(promptView(first, cfg.Tools, nil, time.Now()).Rows) == 0 {
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
	p.drawing = newPromptDrawing(app, cfg.Icon, time.Now, promptActions{signIn: p.signIn, cancel: p.cancel, later: p.later})
	p.update(first)

	go func() {
		for {
			select {
			case s := <-updates:
				fyne.Do(func() { p.update(s) })
			case err := <-gone:
				cfg.Exit(engineGone(ctx, err))
			}
		}
	}()
	cfg.Show(p.drawing.win)
	app.Run()
	return nil
}

// engineGone is the error for the end of the engine, or nil when this process
// was told to end.
func engineGone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("the engine is gone: %w", err)
}
