package window

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
)

// tokenPage is the page of one tool's token. What the token says comes from the
// engine without the token, which crosses the socket only when a person asks to
// see it.
type tokenPage struct {
	env     env
	tool    string
	state   tokenState
	drawing *tokenDrawing

	of         string    // the tokens that are inspected, by what the snapshot says of them
	inspecting bool      // the engine is asked for an inspection
	again      bool      // and has to be asked once more
	fetching   bool      // the engine is asked for the token
	reveals    int       // counts them, so that each is hidden by its own clock
	since      time.Time // when the sign-in that was asked for here began
	opened     bool      // the page of that sign-in was opened
}

func newTokenPage(e env, tool string) page {
	p := &tokenPage{env: e, tool: tool}
	p.drawing = newTokenDrawing(tokenActions{
		tab: p.choose, action: p.act, reveal: p.reveal, copy: p.copy, copyRow: p.copyRow, copyShown: p.copyShown,
		table: p.tableFocus, esc: e.esc,
	})
	return p
}

func (p *tokenPage) title() string             { return "Token" }
func (p *tokenPage) object() fyne.CanvasObject { return p.drawing.root }
func (p *tokenPage) first() fyne.Focusable     { return p.drawing.first() }

// esc hides the token before it leaves the page.
func (p *tokenPage) esc() bool {
	if !p.state.Shown {
		return false
	}
	p.hide()
	return true
}

func (p *tokenPage) closed() { p.hide() }

// update implements [page].
func (p *tokenPage) update(snaps []session.Snapshot) {
	p.state.Snap = session.Snapshot{}
	if i := slices.IndexFunc(snaps, func(s session.Snapshot) bool { return s.Tool == p.tool }); i >= 0 {
		p.state.Snap = snaps[i]
	}
	s := p.state.Snap
	of := fmt.Sprint(s.Tool, s.Set, s.State, s.Store, s.AccessUntil.UnixNano(), s.SignedInAt.UnixNano())
	if of != p.of {
		p.of = of
		p.inspect()
	}
	if s.Tool == "" {
		p.hide()
	}
	p.draw()
	if p.state.Signing && s.State == session.SigningIn && !p.opened {
		p.opened = true
		p.env.open(agent.PageWaiting + "/" + p.tool)
	}
}

// inspect asks what the tokens say.
func (p *tokenPage) inspect() {
	if p.again = p.inspecting; p.inspecting || p.state.Snap.Tool == "" {
		return
	}
	p.inspecting = true
	var in inspect.Inspection
	p.env.start(func(ctx context.Context) (err error) {
		in, err = p.env.engine.Inspect(ctx, p.tool)
		return err
	}, func(err error) {
		p.inspecting = false
		before := p.state.Known
		p.state.Known, p.state.Failed = nil, err
		if err == nil {
			p.state.Known = &in
		}
		if p.state.Shown && (err != nil || !in.IssuedAt.Equal(before.IssuedAt)) {
			p.hide()
			p.state.Outcome = outcome{Text: "The token was renewed. Show it to see the new one."}
		}
		p.draw()
		if p.again {
			p.inspect()
		}
	})
}

func (p *tokenPage) draw() { p.drawing.show(tokenView(p.state, p.env.now()), p.env.focus) }

// report shows what came of something.
func (p *tokenPage) report(o outcome) {
	p.state.Outcome = o
	p.draw()
}

// choose shows another tab.
func (p *tokenPage) choose(to int) {
	p.hide()
	p.state.Tab, p.state.Outcome = to, outcome{}
	p.draw()
}

// tableFocus says how to copy from the table while it has the keyboard.
func (p *tokenPage) tableFocus(has bool) {
	const hint = "Enter copies the value of the row."
	switch {
	case has && p.state.Outcome == outcome{}:
		p.report(outcome{Text: hint, Hint: true})
	case !has && p.state.Outcome.Hint:
		p.report(outcome{})
	}
}
