package engine

import (
	"context"

	"keyfob/auth"
)

// Manager owns all sessions of a user. Its methods may be called from any
// goroutine; they are answered while [Manager.Run] runs. What they do to the
// sessions is done by the loop.
type Manager struct {
	cfg  Config
	loop *loop
}

// New returns a manager of cfg.Tools. Nothing happens before [Manager.Run].
func New(cfg Config) *Manager {
	cfg = cfg.withDefaults()
	return &Manager{cfg: cfg, loop: newLoop(cfg)}
}

// Run reads the keychain and then owns the sessions until ctx ends. It
// returns when every operation has ended, so that none is cut off between a
// provider's answer and the keychain.
func (m *Manager) Run(ctx context.Context) { m.loop.run(ctx) }

// do runs f in the loop's goroutine and returns when it has run. f must not
// block.
func (m *Manager) do(ctx context.Context, f func(run context.Context, l *loop)) error {
	ran := make(chan bool, 1)
	select {
	case m.loop.calls <- func(run context.Context) {
		if run.Err() == nil {
			f(run, m.loop)
		}
		ran <- run.Err() == nil
	}:
		if <-ran {
			return nil
		}
	case <-ctx.Done():
		return ctx.Err()
	case <-m.loop.ended:
	}
	return stopped()
}

func stopped() error {
	return &auth.Error{
		Kind: auth.KindTransient, Code: auth.CodeStopped, Who: auth.WhoWait,
		What: "keyfob is shutting down", Do: "try again",
	}
}
