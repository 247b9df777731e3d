package window

import (
	"context"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// do does work and then says so, or what it failed with.
func (p *waitingPage) do(done string, work func(ctx context.Context) error) {
	p.drawing.report(outcome{})
	p.env.start(work, func(err error) { p.drawing.report(outcomeOf(err, done)) })
}

func (p *waitingPage) copy(as agent.CopyAs, done string) {
	p.do(done, func(ctx context.Context) error { return p.env.engine.Copy(ctx, p.tool, as) })
}

func (p *waitingPage) cancel() {
	p.canceled = true
	p.do("", func(ctx context.Context) error { return p.env.engine.Cancel(ctx, p.tool) })
}

// retry begins the sign-in once more. What becomes of it, the sessions say;
// only a failure that came too fast for them is told by the answer.
func (p *waitingPage) retry() {
	p.drawing.report(outcome{})
	login := func(ctx context.Context) error { return p.env.engine.Login(ctx, p.tool, session.SignInOptions{}) }
	p.env.startDetached(login, func(err error) {
		if e := auth.AsError(err); wording.Short(e) != "" && !p.waiting {
			p.failed = e
			p.draw()
		}
	})
}
