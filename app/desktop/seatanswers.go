package desktop

import (
	"context"

	"keyfob/app/agent"
)

// Reload takes over what the settings say now, and tells the person what
// follows. It reports whether there is a desktop, without which it does nothing.
func (s *Seat) Reload(ctx context.Context) (done bool) {
	return s.ask(ctx, func(ctx context.Context, d *Desktop) error { d.reload(ctx); return ctx.Err() }) == nil
}

// Later implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Later(ctx context.Context, tool string) error {
	return s.ask(ctx, func(ctx context.Context, d *Desktop) error { return d.later(ctx, tool) })
}

// Copy implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Copy(ctx context.Context, tool string, as agent.CopyAs) error {
	return s.ask(ctx, func(ctx context.Context, d *Desktop) error { return d.copier.copy(ctx, tool, as) })
}

// Home implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Home(ctx context.Context, tool string) error {
	return s.ask(ctx, func(ctx context.Context, d *Desktop) error { return d.home(ctx, tool) })
}

// Reopen implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Reopen(ctx context.Context, tool string) error {
	return s.ask(ctx, func(ctx context.Context, d *Desktop) error { return d.sessions.Reopen(ctx, tool) })
}

// Show implements [keyfob/app/agent/server.Desktop].
func (s *Seat) Show(ctx context.Context) error {
	return s.ask(ctx, func(ctx context.Context, d *Desktop) error { return d.openPage(ctx, agent.PageTools) })
}
