package window

import (
	"context"
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// laterWait bounds how long the hidden window lives on to tell the engine.
const laterWait = 3 * time.Second

// prompt asks a person to sign in again: what it was told of the sessions, and
// what it does about the answers. All of it belongs to Fyne's goroutine.
type prompt struct {
	drawing *promptDrawing
	tools   []string // that are asked about, in this order
	snaps   []session.Snapshot
	tries   map[string]attempt

	hidden  bool // put off, and about to end
	telling bool // the engine is being told so

	now   func() time.Time
	ask   promptRequests
	quit  func()
	start func(work func(context.Context) error, then func(error)) // work aside, then here
}

// promptRequests are what the prompt asks of the engine.
type promptRequests struct {
	login, cancel, later func(ctx context.Context, tool string) error
}

// update takes in what the engine says of all sessions. A session that is no
// longer ended is asked about no longer, wherever it was signed in; one that
// ends meanwhile is added, so that there is one prompt at a time.
func (p *prompt) update(snaps []session.Snapshot) {
	before := map[string]session.State{}
	for _, s := range p.snaps {
		before[s.Tool] = s.State
	}
	for _, s := range snaps {
		state, known := before[s.Tool]
		if known && !needsPrompt(state) && s.State == session.Expired && !slices.Contains(p.tools, s.Tool) {
			p.tools = append(p.tools, s.Tool)
		}
	}
	p.snaps = snaps
	p.draw()
}

// draw shows what is to be asked now, and ends when that is nothing.
func (p *prompt) draw() {
	if p.hidden {
		return
	}
	m := promptView(p.snaps, p.tools, p.tries, p.now())
	p.tools = p.tools[:0]
	for _, r := range m.Rows {
		p.tools = append(p.tools, r.Tool)
	}
	if len(m.Rows) == 0 {
		p.quit()
		return
	}
	p.drawing.show(m)
}

func (p *prompt) signIn(tool string) {
	if p.tries[tool].running {
		return
	}
	p.tries[tool] = attempt{running: true, since: p.now()}
	p.draw()
	p.start(func(ctx context.Context) error { return p.ask.login(ctx, tool) }, func(err error) {
		try := p.tries[tool]
		try.running, try.err = false, err
		if try.canceled && auth.KindOf(err) == auth.KindCanceled {
			try.err = nil
		}
		p.tries[tool] = try
		if err == nil {
			p.tools = slices.DeleteFunc(p.tools, func(t string) bool { return t == tool })
		}
		p.draw()
		p.endIfHidden()
	})
}

func (p *prompt) cancel(tool string) {
	try := p.tries[tool]
	if p.now().Sub(try.since) < doubleClick {
		return
	}
	try.canceled = true
	p.tries[tool] = try
	// What came of it, the sign-in itself says.
	p.start(func(ctx context.Context) error { return p.ask.cancel(ctx, tool) }, func(error) {})
}

// later tells the engine that all of this can wait, and ends. A sign-in that
// was begun here goes on in the browser until it is done, since the engine
// gives one up when whoever asked for it is gone.
func (p *prompt) later() {
	if p.hidden {
		return
	}
	p.hidden = true
	p.drawing.win.Hide()
	var putOff []string
	for _, tool := range p.tools {
		if !p.tries[tool].running {
			putOff = append(putOff, tool)
		}
	}
	p.telling = true
	p.start(func(ctx context.Context) error {
		ctx, stop := context.WithTimeout(ctx, laterWait)
		defer stop()
		for _, tool := range putOff {
			if err := p.ask.later(ctx, tool); err != nil {
				return err
			}
		}
		return nil
	}, func(error) {
		p.telling = false
		p.endIfHidden()
	})
}

// endIfHidden ends a prompt that was put off once nothing of it is under way.
func (p *prompt) endIfHidden() {
	for _, try := range p.tries {
		if try.running {
			return
		}
	}
	if p.hidden && !p.telling {
		p.quit()
	}
}
