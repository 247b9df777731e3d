package window

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// revealFor is how long a token stays in sight.
const revealFor = 30 * time.Second

// reveal shows the token for a while, or hides it.
func (p *tokenPage) reveal() {
	if p.state.Shown {
		p.hide()
		return
	}
	if p.fetching {
		return
	}
	p.fetching = true
	tab := p.state.Tab
	var t agent.Token
	p.env.start(func(ctx context.Context) (err error) {
		t, err = p.env.engine.Token(ctx, p.tool, session.TokenOptions{})
		return err
	}, func(err error) {
		p.fetching = false
		token := t.Access
		if tab == tabID {
			token = t.ID
		}
		switch {
		case err != nil:
			p.report(outcomeOf(err, ""))
			return
		case tab != p.state.Tab || p.state.Known == nil || token == "":
			return
		}
		p.reveals++
		reveal := p.reveals
		p.state.Shown = true
		p.drawing.expose(token)
		p.report(outcome{Text: "It is hidden again in 30 seconds."})
		p.env.after(revealFor, func() {
			if reveal == p.reveals {
				p.hide()
			}
		})
	})
}

// hide takes the token out of sight.
func (p *tokenPage) hide() {
	if !p.state.Shown {
		return
	}
	p.reveals++
	p.state.Shown, p.state.Outcome = false, outcome{}
	p.drawing.conceal()
	p.draw()
}

// copy lets the engine copy the token in some form.
func (p *tokenPage) copy(b copyButton) {
	p.env.start(func(ctx context.Context) error { return p.env.engine.Copy(ctx, p.tool, b.As) }, func(err error) {
		p.report(outcomeOf(err, b.Done))
	})
}

// copyShown copies the token that is in sight.
func (p *tokenPage) copyShown() {
	if p.state.Tab == tabID {
		p.report(outcome{Text: "Keyfob copies no ID token.", Bad: true})
		return
	}
	p.copy(copyButton{As: agent.CopyToken, Done: copied(agent.CopyToken)})
}

// copyRow copies what a row says, which is no secret.
func (p *tokenPage) copyRow(r widget.TableRow) {
	if r.Copy == "" {
		p.report(outcome{Text: "There is nothing to copy in this row.", Bad: true})
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(r.Copy)
	p.report(outcome{Text: "The value of " + auth.Line(r.Cells[0], 24) + " is in the clipboard."})
}

// act does what the button beside the words says.
func (p *tokenPage) act() {
	switch p.drawing.model.Action {
	case tokenSignIn:
		p.signIn()
	case tokenCancel:
		if p.env.now().Sub(p.since) < doubleClick {
			return
		}
		p.env.start(func(ctx context.Context) error { return p.env.engine.Cancel(ctx, p.tool) }, func(error) {})
	case tokenAgain:
		p.inspect()
	}
}

// signIn asks the engine to sign in, and waits for the end of it, so that the
// sign-in goes on while it is wanted here.
func (p *tokenPage) signIn() {
	if p.state.Signing {
		return
	}
	p.state.Signing, p.since, p.opened = true, p.env.now(), false
	p.report(outcome{})
	p.env.start(func(ctx context.Context) error {
		return p.env.engine.Login(ctx, p.tool, session.SignInOptions{})
	}, func(err error) {
		p.state.Signing = false
		if err != nil && auth.KindOf(err) != auth.KindCanceled {
			p.state.Outcome = outcomeOf(err, "")
		}
		p.inspect()
		p.draw()
	})
}
