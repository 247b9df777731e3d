package engine

import "context"

// Idle waits until no operation is under way: no sign-in, refresh or sign-out,
// and nothing that is read from or written into the keychain. The next may
// begin at once; who wants none to has to see to that.
func (m *Manager) Idle(ctx context.Context) error {
	idle := make(chan struct{})
	if err := m.do(ctx, func(_ context.Context, l *loop) {
		l.idle = append(l.idle, idle)
		l.tellIdle()
	}); err != nil {
		return err
	}
	select {
	case <-idle:
		return nil
	case <-m.loop.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tellIdle tells those who wait for it that no operation is under way.
func (l *loop) tellIdle() {
	if l.busy > 0 {
		return
	}
	for _, idle := range l.idle {
		close(idle)
	}
	l.idle = nil
}
