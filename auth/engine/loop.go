package engine

import (
	"context"
	"time"

	"keyfob/auth/session"
)

// loop is the one goroutine that owns all facts. Everybody else sends it
// functions to run: callers through [Manager], workers with their results. Its
// methods run in that goroutine and never block. The context that they take ends
// when the loop is to end.
type loop struct {
	cfg   Config
	work  *worker
	calls chan func(run context.Context)
	ended chan struct{} // closed when run has returned

	order    []string // the sessions' tools, as in the settings
	sessions map[string]*toolSession
	wakeup   wakeTimer
	watchers watchers
	keychain keychainWatch
	renewals renewals
	onDemand bool            // see [Config.OnDemand]
	busy     int             // operations under way, apart from waits for the keychain
	idle     []chan struct{} // closed when none is
}

func newLoop(cfg Config) *loop {
	l := &loop{
		cfg:      cfg,
		work:     newWorker(cfg),
		calls:    make(chan func(context.Context)),
		ended:    make(chan struct{}),
		watchers: watchers{channels: make(map[chan []session.Snapshot]struct{})},
		onDemand: cfg.OnDemand,
	}
	l.sessions = make(map[string]*toolSession, len(cfg.Tools)+len(cfg.Broken))
	for _, t := range cfg.Tools {
		l.add(newToolSession(Facts{Tool: t}, cfg.Now()))
	}
	for _, b := range cfg.Broken {
		l.add(newToolSession(b.facts(), cfg.Now()))
	}
	l.takeOver(cfg.InMemory)
	return l
}

func (l *loop) add(s *toolSession) {
	id := s.facts.Tool.ID
	l.order = append(l.order, id)
	l.sessions[id] = s
}

func (l *loop) run(ctx context.Context) {
	defer close(l.ended)
	l.wakeup.timer = time.NewTimer(tick)
	defer l.wakeup.timer.Stop()
	for _, s := range l.sessions {
		l.begin(ctx, s)
	}
	l.schedule(ctx)
	for {
		select {
		case call := <-l.calls:
			call(ctx)
		case <-l.wakeup.timer.C:
			l.tick(ctx)
		case <-ctx.Done():
			l.drain(ctx)
			return
		}
		l.publish()
	}
}

// drain applies what workers bring until the last has ended.
func (l *loop) drain(ctx context.Context) {
	idle := make(chan struct{})
	go func() { l.work.running.Wait(); close(idle) }()
	for {
		select {
		case call := <-l.calls:
			call(ctx)
			l.publish()
		case <-idle:
			return
		}
	}
}

// update derives s anew and starts a refresh that is due.
func (l *loop) update(run context.Context, s *toolSession) { l.updateAt(run, s, l.cfg.Now()) }

func (l *loop) updateAt(run context.Context, s *toolSession, now time.Time) {
	s.correctTimes(now)
	snap := Derive(s.facts, now)
	due := !snap.RefreshAt.IsZero() && !now.Round(0).Before(snap.RefreshAt)
	if due && !l.onDemand && s.refreshing == nil && s.signIn == nil && run.Err() == nil && l.renewals.room(s.facts.Tool) {
		l.startRefresh(run, s, 0)
	}
	if !snap.Equal(s.snap) {
		s.snap, l.watchers.changed = snap, true
	}
}

// updateAll judges all sessions anew, as of one moment.
func (l *loop) updateAll(run context.Context) {
	now := l.cfg.Now()
	if !l.onDemand {
		l.spreadRefreshes(now.Round(0))
	}
	for _, s := range l.sessions {
		l.updateAt(run, s, now)
	}
	l.schedule(run)
}

// schedule sets the timer to the next moment at which a session changes by
// itself, and sees to it that a keychain's return is noticed.
func (l *loop) schedule(run context.Context) {
	var next time.Time
	signedIn := false
	now := l.cfg.Now().Round(0)
	for _, s := range l.sessions {
		next = earliestAfter(now, next, s.snap.NextWake)
		signedIn = signedIn || s.facts.Tokens != nil
	}
	l.wakeup.stop(now)
	if signedIn && run.Err() == nil && l.seen() {
		l.wakeup.set(now, next)
	}
	l.watchKeychain(run)
}
