package app

import (
	"context"
	"errors"
	"time"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/config"
)

// Ask has use ask the engine that runs, or else sessions in this process.
func (p program) Ask(ctx context.Context, tool string, use func(cli.Engine) error) error {
	return p.ask(ctx, use, func(s *config.Settings, dir string) error {
		return p.host.withLocal(ctx, s, tool, dir, use)
	})
}

// AskToSignIn is Ask for a sign-in, of which there is one at a time.
func (p program) AskToSignIn(ctx context.Context, tool string, wait time.Duration, use func(cli.Engine) error) error {
	return p.ask(ctx, use, func(s *config.Settings, dir string) error {
		turn, err := p.host.takeTurn(ctx, tool, wait, s, dir)
		if err != nil {
			return err
		}
		defer turn.release()
		err = p.host.withLocal(ctx, s, tool, dir, func(e cli.Engine) error {
			if turn.joined {
				e = joined{e}
			}
			return use(e)
		})
		if err == nil {
			tellEngine(ctx, dir, tool)
		}
		return err
	})
}

// ask has use ask the engine that runs. Where none does, alone is called with the
// settings and the folder that sessions in this process need.
func (p program) ask(ctx context.Context, use func(cli.Engine) error, alone func(s *config.Settings, dir string) error) error {
	dir, err := config.RuntimeDir()
	if err != nil {
		return err
	}
	client, err := agent.Dial(ctx, dir)
	switch {
	case err == nil:
		defer func() { _ = client.Close() }()
		return use(client)
	case !errors.Is(err, agent.ErrNoAgent):
		return err
	}
	settings, err := p.settings()
	if err != nil {
		return err
	}
	return alone(settings, dir)
}

// tellEngine lets an engine that was started while this process signed in find
// the tokens: it looks for them when it is asked for one.
func tellEngine(ctx context.Context, dir, tool string) {
	client, err := agent.Dial(ctx, dir)
	if err != nil {
		return
	}
	_, _ = client.Token(ctx, tool, 0)
	_ = client.Close()
}
