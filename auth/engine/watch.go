package engine

import (
	"context"

	"keyfob/auth/session"
)

// watchers are those who want to know each change, with a channel each that
// holds what one has not read yet.
type watchers struct {
	channels map[chan []session.Snapshot]struct{}
	changed  bool // a session did since they were told
}

// Snapshots returns all sessions in the order of the settings.
func (m *Manager) Snapshots(ctx context.Context) ([]session.Snapshot, error) {
	var all []session.Snapshot
	err := m.do(ctx, func(run context.Context, l *loop) {
		if l.onDemand { // no timer keeps them up to date
			l.updateAll(run)
		}
		all = l.snapshots()
	})
	return all, err
}

func (l *loop) snapshots() []session.Snapshot {
	all := make([]session.Snapshot, 0, len(l.order))
	for _, id := range l.order {
		all = append(all, l.sessions[id].snap)
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
		if m.do(ctx, func(run context.Context, l *loop) { l.watch(run, ch) }) != nil {
			return
		}
		defer func() {
			_ = m.do(context.WithoutCancel(ctx), func(run context.Context, l *loop) { l.unwatch(run, ch) })
		}()
		for {
			select {
			case all := <-ch:
				select {
				case out <- all:
				case <-ctx.Done():
					return
				case <-m.loop.ended:
					return
				}
			case <-ctx.Done():
				return
			case <-m.loop.ended:
				return
			}
		}
	}()
	return out
}

// watch adds a watcher, who is told of the sessions now.
func (l *loop) watch(run context.Context, ch chan []session.Snapshot) {
	l.readAll(run, true)
	if l.onDemand {
		l.updateAll(run)
	}
	l.watchers.channels[ch] = struct{}{}
	ch <- l.snapshots()
	l.schedule(run)
}

func (l *loop) unwatch(run context.Context, ch chan []session.Snapshot) {
	delete(l.watchers.channels, ch)
	l.schedule(run)
}

// publish hands the sessions to every watcher if one has changed, replacing
// what the watcher has not read yet. What changed in one go is told in one.
func (l *loop) publish() {
	if !l.watchers.changed {
		return
	}
	l.watchers.changed = false
	for ch := range l.watchers.channels {
		select {
		case <-ch:
		default:
		}
		ch <- l.snapshots()
	}
}
