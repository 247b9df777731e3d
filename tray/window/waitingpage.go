package window

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
)

// waitingPage is open while a person is in the browser. It goes away by itself
// when that is over, unless there is something to say about it.
type waitingPage struct {
	env     env
	tool    string
	drawing *waitingDrawing

	snap     session.Snapshot
	waiting  bool        // the sign-in is under way
	begun    time.Time   // since when
	set      string      // the session before it
	canceled bool        // it was given up here
	failed   *auth.Error // why it did not work
	ticking  bool
	grown    bool
	drawn    bool
}

func newWaitingPage(e env, tool string) page {
	p := &waitingPage{env: e, tool: tool}
	p.drawing = newWaitingDrawing(e.esc, map[waitAction]func(){
		waitAgain:   func() { p.do("", func(ctx context.Context) error { return e.engine.Reopen(ctx, tool) }) },
		waitCopy:    func() { p.copy(agent.CopyAddress, "The address is in the clipboard.") },
		waitDetails: func() { p.copy(agent.CopyDetails, "The details are in the clipboard: paste them into a message.") },
		waitCancel:  p.cancel,
		waitRetry:   p.retry,
		waitClose:   e.back,
	})
	return p
}

func (p *waitingPage) title() string             { return "Sign-in" }
func (p *waitingPage) object() fyne.CanvasObject { return p.drawing.root }
func (p *waitingPage) first() fyne.Focusable     { return p.drawing.first() }
func (p *waitingPage) esc() bool                 { return false }
func (p *waitingPage) closed()                   { p.drawing.spinner.Spin(false) }

// update implements [page].
func (p *waitingPage) update(snaps []session.Snapshot) {
	i := slices.IndexFunc(snaps, func(s session.Snapshot) bool { return s.Tool == p.tool })
	if i < 0 {
		p.env.back()
		return
	}
	s := snaps[i]
	p.snap = s
	switch {
	case s.State == session.SigningIn:
		if !p.waiting {
			p.waiting, p.canceled, p.failed, p.set = true, false, nil, s.Set
			if p.begun = s.SignInAt; p.begun.IsZero() {
				p.begun = p.env.now()
			}
		}
	case p.canceled, s.Set != p.set && (p.waiting || p.failed != nil):
		p.env.back()
		return
	case p.waiting, p.failed == nil:
		p.waiting = false
		if p.failed = signInFailed(s); p.failed == nil {
			p.env.back()
			return
		}
		p.set = s.Set
	}
	p.draw()
	p.tick()
}

// draw shows the sign-in as it is now.
func (p *waitingPage) draw() {
	m := waitingView(p.snap, p.begun, p.env.now())
	if p.failed != nil {
		m = failedView(p.snap, p.failed)
	}
	had, before := p.focused(), p.drawing.first()
	p.drawing.show(m)
	p.grow(len(m.Help) > 0)
	late := p.drawn && had == nil && before == nil // for want of a button that does no harm
	if late || p.drawing.owns(had) && !p.drawing.can(had) {
		p.env.focus(p.drawing.first())
	}
	p.drawn = true
}

// grow makes a window that is as small as it was at first large enough for the
// help, which a person would have to look for else.
func (p *waitingPage) grow(help bool) {
	if size := p.env.win.Canvas().Size(); help && !p.grown && size.Height < waitingHelpHeight {
		p.env.win.Resize(fyne.NewSize(size.Width, waitingHelpHeight))
	}
	p.grown = p.grown || help
}

func (p *waitingPage) focused() fyne.Focusable { return p.env.win.Canvas().Focused() }

// tick counts the seconds while the sign-in is under way.
func (p *waitingPage) tick() {
	if p.ticking || !p.waiting {
		return
	}
	p.ticking = true
	p.env.after(time.Second, func() {
		p.ticking = false
		if p.waiting {
			p.draw()
		}
		p.tick()
	})
}
