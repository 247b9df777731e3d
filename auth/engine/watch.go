package engine

import (
	"context"

	"keyfob/auth/session"
)

// Snapshots returns all sessions in the order of the settings.
func (m *Manager) Snapshots(ctx context.Context) ([]session.Snapshot, error) {
	var all []session.Snapshot
	err := m.do(ctx, func(context.Context) { all = m.snapshots() })
	return all, err
}

func (m *Manager) snapshots() []session.Snapshot {
	all := make([]session.Snapshot, 0, len(m.order))
	for _, id := range m.order {
		all = append(all, m.sessions[id].snap)
	}
	return all
}

// Watch returns a channel that holds the sessions now and after each change.
// A slow reader gets the latest and misses what lay between. The channel is
// closed when ctx ends or the manager stops.
func (m *Manager) Watch(ctx context.Context) <-chan []session.Snapshot {
	ch := make(chan []session.Snapshot, 1)
	out := make(chan []session.Snapshot)
	go func() {
		defer close(out)
		if m.do(ctx, func(context.Context) { m.watchers[ch] = struct{}{}; ch <- m.snapshots() }) != nil {
			return
		}
		defer func() {
			_ = m.do(context.WithoutCancel(ctx), func(context.Context) { delete(m.watchers, ch) })
		}()
		for {
			select {
			case all := <-ch:
				select {
				case out <- all:
				case <-ctx.Done():
					return
				case <-m.done:
					return
				}
			case <-ctx.Done():
				return
			case <-m.done:
				return
			}
		}
	}()
	return out
}

// publish hands the sessions to every watcher if one has changed, replacing
// what the watcher has not read yet. What changed in one go is told in one.
func (m *Manager) publish() {
	if !m.changed {
		return
	}
	m.changed = false
	for ch := range m.watchers {
		select {
		case <-ch:
		default:
		}
		ch <- m.snapshots()
	}
}
