package window

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// revealFor is how long a token stays in sight.
const revealFor = 30 * time.Second

// tokenPage is the page of one tool's token. What the token says comes from the
// engine without the token, which crosses the socket only when a person asks to
// see it.
type tokenPage struct {
	env   env
	tool  string
	seen  tokenSeen
	draws *tokenDraw

	of       string    // the tokens that are inspected, by what the snapshot says of them
	asking   bool      // the engine is asked for an inspection
	again    bool      // and has to be asked once more
	fetching bool      // the engine is asked for the token
	reveals  int       // counts them, so that each is hidden by its own clock
	since    time.Time // when the sign-in that was asked for here began
	turned   bool      // the page of that sign-in was opened
}

func newTokenPage(e env, tool string) page {
	p := &tokenPage{env: e, tool: tool}
	p.draws = newTokenDraw(tokenActs{
		tab: p.turn, action: p.act, reveal: p.reveal, copy: p.copy, copyRow: p.copyRow, copyShown: p.copyShown, grid: p.gridFocus, esc: e.esc,
	})
	return p
}

func (p *tokenPage) title() string             { return "Token" }
func (p *tokenPage) object() fyne.CanvasObject { return p.draws.root }
func (p *tokenPage) first() fyne.Focusable     { return p.draws.first() }

// esc hides the token before it leaves the page.
func (p *tokenPage) esc() bool {
	if !p.seen.Shown {
		return false
	}
	p.hide()
	return true
}

func (p *tokenPage) left() { p.hide() }

// update implements [page].
func (p *tokenPage) update(snaps []session.Snapshot) {
	p.seen.Snap = session.Snapshot{}
	if i := slices.IndexFunc(snaps, func(s session.Snapshot) bool { return s.Tool == p.tool }); i >= 0 {
		p.seen.Snap = snaps[i]
	}
	s := p.seen.Snap
	of := fmt.Sprint(s.Tool, s.Set, s.State, s.Store, s.AccessUntil.UnixNano(), s.SignedInAt.UnixNano())
	if of != p.of {
		p.of = of
		p.inspect()
	}
	if s.Tool == "" {
		p.hide()
	}
	p.draw()
	if p.seen.Signing && s.State == session.SigningIn && !p.turned {
		p.turned = true
		p.env.open(agent.PageWaiting + "/" + p.tool)
	}
}

// inspect asks what the tokens say.
func (p *tokenPage) inspect() {
	if p.again = p.asking; p.asking || p.seen.Snap.Tool == "" {
		return
	}
	p.asking = true
	var in inspect.Inspection
	p.env.start(func(ctx context.Context) (err error) {
		in, err = p.env.engine.Inspect(ctx, p.tool)
		return err
	}, func(err error) {
		p.asking = false
		before := p.seen.Known
		p.seen.Known, p.seen.Failed = nil, err
		if err == nil {
			p.seen.Known = &in
		}
		if p.seen.Shown && (err != nil || !in.IssuedAt.Equal(before.IssuedAt)) {
			p.hide()
			p.seen.Said = said{Text: "The token was renewed. Show it to see the new one."}
		}
		p.draw()
		if p.again {
			p.inspect()
		}
	})
}

func (p *tokenPage) draw() { p.draws.show(tokenView(p.seen, p.env.now()), p.env.focus) }

func (p *tokenPage) say(s said) {
	p.seen.Said = s
	p.draw()
}

// turn shows another tab.
func (p *tokenPage) turn(to int) {
	p.hide()
	p.seen.Tab, p.seen.Said = to, said{}
	p.draw()
}

// gridFocus says how to copy from the table while it has the keyboard.
func (p *tokenPage) gridFocus(has bool) {
	const hint = "Enter copies the value of the row."
	switch {
	case has && p.seen.Said == said{}:
		p.say(said{Text: hint, Hint: true})
	case !has && p.seen.Said.Hint:
		p.say(said{})
	}
}

// reveal shows the token for a while, or hides it.
func (p *tokenPage) reveal() {
	if p.seen.Shown {
		p.hide()
		return
	}
	if p.fetching {
		return
	}
	p.fetching = true
	tab := p.seen.Tab
	var t auth.Tokens
	p.env.start(func(ctx context.Context) (err error) {
		t, err = p.env.engine.Token(ctx, p.tool, 0)
		return err
	}, func(err error) {
		p.fetching = false
		token := t.Access
		if tab == tabID {
			token = t.ID
		}
		switch {
		case err != nil:
			p.say(said{Text: wording.Explain(auth.AsError(err)), Bad: true})
			return
		case tab != p.seen.Tab || p.seen.Known == nil || token == "":
			return
		}
		p.reveals++
		reveal := p.reveals
		p.seen.Shown = true
		p.draws.expose(token)
		p.say(said{Text: "It is hidden again in 30 seconds."})
		p.env.after(revealFor, func() {
			if reveal == p.reveals {
				p.hide()
			}
		})
	})
}

// hide takes the token out of sight.
func (p *tokenPage) hide() {
	if !p.seen.Shown {
		return
	}
	p.reveals++
	p.seen.Shown, p.seen.Said = false, said{}
	p.draws.conceal()
	p.draw()
}

// copy lets the engine copy the token in some form.
func (p *tokenPage) copy(b copyButton) {
	p.env.start(func(ctx context.Context) error { return p.env.engine.Copy(ctx, p.tool, b.As) }, func(err error) {
		if err != nil {
			p.say(said{Text: wording.Explain(auth.AsError(err)), Bad: true})
			return
		}
		p.say(said{Text: b.Done})
	})
}

// copyShown copies the token that is in sight.
func (p *tokenPage) copyShown() {
	if p.seen.Tab == tabID {
		p.say(said{Text: "Keyfob copies no ID token.", Bad: true})
		return
	}
	p.copy(copyButton{As: agent.CopyToken, Done: copied(agent.CopyToken)})
}

// copyRow copies what a row says, which is no secret.
func (p *tokenPage) copyRow(r tableRow) {
	if r.Copy == "" {
		p.say(said{Text: "There is nothing to copy in this row.", Bad: true})
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(r.Copy)
	p.say(said{Text: "The value of " + auth.Line(r.Cells[0], 24) + " is in the clipboard."})
}

// act does what the button beside the words says.
func (p *tokenPage) act() {
	switch p.draws.model.Action {
	case actionSignIn:
		p.signIn()
	case actionCancel:
		if p.env.now().Sub(p.since) < doubleClick {
			return
		}
		p.env.start(func(ctx context.Context) error { return p.env.engine.Cancel(ctx, p.tool) }, func(error) {})
	case actionAgain:
		p.inspect()
	}
}

// signIn asks the engine to sign in, and waits for the end of it, so that the
// sign-in goes on while it is wanted here.
func (p *tokenPage) signIn() {
	if p.seen.Signing {
		return
	}
	p.seen.Signing, p.since, p.turned = true, p.env.now(), false
	p.say(said{})
	p.env.start(func(ctx context.Context) error {
		return p.env.engine.Login(ctx, p.tool, session.SignInOptions{})
	}, func(err error) {
		p.seen.Signing = false
		if err != nil && auth.KindOf(err) != auth.KindCanceled {
			p.seen.Said = said{Text: wording.Explain(auth.AsError(err)), Bad: true}
		}
		p.inspect()
		p.draw()
	})
}
