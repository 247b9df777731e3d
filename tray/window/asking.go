package window

import (
	"context"
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// doubleClick is how long after a sign-in began its Cancel button does
// nothing: it stands where Sign in stood, and a second click is no change of
// mind.
const doubleClick = 600 * time.Millisecond

// laterWait bounds how long the hidden window lives on to tell the engine.
const laterWait = 3 * time.Second

// asking is a prompt that is being asked: what it was told, and what it does
// about the answers. All of it belongs to Fyne's goroutine.
type asking struct {
	prompt *prompt
	tools  []string // that are asked about, in this order
	snaps  []session.Snapshot
	tries  map[string]attempt

	hidden  bool // put off, and about to end
	telling bool // the engine is being told so

	now   func() time.Time
	to    engine
	quit  func()
	start func(work func(context.Context) error, then func(error)) // work aside, then here
}

// engine is what the prompt asks of the engine.
type engine struct {
	login, cancel, later func(ctx context.Context, tool string) error
}

// update takes in what the engine says of all sessions. A session that is no
// longer ended is asked about no longer, wherever it was signed in; one that
// ends meanwhile is added, so that there is one prompt at a time.
func (a *asking) update(snaps []session.Snapshot) {
	was := map[string]session.State{}
	for _, s := range a.snaps {
		was[s.Tool] = s.State
	}
	for _, s := range snaps {
		before, known := was[s.Tool]
		if known && !asks(before) && s.State == session.Expired && !slices.Contains(a.tools, s.Tool) {
			a.tools = append(a.tools, s.Tool)
		}
	}
	a.snaps = snaps
	a.draw()
}

// draw shows what is to be asked now, and ends when that is nothing.
func (a *asking) draw() {
	if a.hidden {
		return
	}
	m := promptView(a.snaps, a.tools, a.tries, a.now())
	a.tools = a.tools[:0]
	for _, r := range m.Rows {
		a.tools = append(a.tools, r.Tool)
	}
	if len(m.Rows) == 0 {
		a.quit()
		return
	}
	a.prompt.show(m)
}

func (a *asking) signIn(tool string) {
	if a.tries[tool].running {
		return
	}
	a.tries[tool] = attempt{running: true, since: a.now()}
	a.draw()
	a.start(func(ctx context.Context) error { return a.to.login(ctx, tool) }, func(err error) {
		try := a.tries[tool]
		try.running, try.err = false, err
		if try.canceled && auth.KindOf(err) == auth.KindCanceled {
			try.err = nil
		}
		a.tries[tool] = try
		if err == nil {
			a.tools = slices.DeleteFunc(a.tools, func(t string) bool { return t == tool })
		}
		a.draw()
		a.endIfHidden()
	})
}

func (a *asking) cancel(tool string) {
	try := a.tries[tool]
	if a.now().Sub(try.since) < doubleClick {
		return
	}
	try.canceled = true
	a.tries[tool] = try
	// What came of it, the sign-in itself says.
	a.start(func(ctx context.Context) error { return a.to.cancel(ctx, tool) }, func(error) {})
}

// later tells the engine that all of this can wait, and ends. A sign-in that
// was begun here goes on in the browser until it is done, since the engine
// gives one up when whoever asked for it is gone.
func (a *asking) later() {
	if a.hidden {
		return
	}
	a.hidden = true
	a.prompt.win.Hide()
	var putOff []string
	for _, tool := range a.tools {
		if !a.tries[tool].running {
			putOff = append(putOff, tool)
		}
	}
	a.telling = true
	a.start(func(ctx context.Context) error {
		ctx, stop := context.WithTimeout(ctx, laterWait)
		defer stop()
		for _, tool := range putOff {
			if err := a.to.later(ctx, tool); err != nil {
				return err
			}
		}
		return nil
	}, func(error) {
		a.telling = false
		a.endIfHidden()
	})
}

// endIfHidden ends a prompt that was put off once nothing of it is under way.
func (a *asking) endIfHidden() {
	for _, try := range a.tries {
		if try.running {
			return
		}
	}
	if a.hidden && !a.telling {
		a.quit()
	}
}
