package desktop

import (
	"context"
	"slices"
	"sync"
	"time"

	"keyfob/app/prompts"
	"keyfob/auth/engine"
	"keyfob/auth/session"
	"keyfob/tray/presence"
)

// screen is what the person sees beside the icon: notifications and windows. All
// of it belongs to its one goroutine, [screen.run]; others have [screen.do] do
// what they want there.
type screen struct {
	sessions *engine.Manager
	now      func() time.Time
	log      func(text string)
	signIn   func(ctx context.Context, tool string) // signs in for a button; returns at once
	onLock   func()                                 // called when the screen is locked; returns at once
	jobs     chan func(ctx context.Context)

	notices   *notices
	reminders *reminders
	failures  *failures
	windows   *windows
	noIcon    bool // nothing shows the icon, of which the person was told
}

// screenConfig is what a screen is made of.
type screenConfig struct {
	Sessions *engine.Manager
	Now      func() time.Time
	Log      func(text string)
	SignIn   func(ctx context.Context, tool string)
	OnLock   func()
	Dir      string // of the engine's socket
	ShownIn  string // the file that holds what a crash would leave on the screen
	ToldIn   string // the file that remembers what was told; empty for nowhere
	Quiet    bool   // no notifications
}

func newScreen(c screenConfig) *screen {
	s := &screen{
		sessions: c.Sessions, now: c.Now, log: c.Log, signIn: c.SignIn, onLock: c.OnLock, jobs: make(chan func(context.Context)),
		notices: newNotices(newNotifications(c.ShownIn), c.Quiet),
	}
	s.windows = newWindows(c.Dir, s.notices, c.Log, s.do)
	s.failures = &failures{notices: s.notices, of: map[string]failure{}}
	s.reminders = &reminders{notices: s.notices, windows: s.windows, now: c.Now, log: c.Log, file: c.ToldIn}
	return s
}

// run tells what changed, and takes what the person presses, until ctx ends.
func (s *screen) run(ctx context.Context) {
	s.reminders.told = prompts.Load(s.reminders.file)
	var aside sync.WaitGroup
	defer aside.Wait()
	life, end := context.WithCancel(ctx)
	aside.Go(func() { s.notices.onScreen.run(life) })
	watch, desktop := s.sessions.Watch(ctx), presence.Watch(life)
	defer func(desktop <-chan presence.State) {
		for range desktop { // until it has ended
		}
	}(desktop)
	defer end()
	var (
		all   []session.Snapshot
		fresh bool // all is not told yet
		wakes int
	)
	for {
		select {
		case now, ok := <-watch:
			if !ok {
				s.windows.close()
				return
			}
			all, fresh = now, true
			s.failures.outdate(all)
		case p, ok := <-desktop:
			if !ok {
				desktop = nil
				break
			}
			if p.Wakes > wakes {
				wakes = p.Wakes
				_ = s.sessions.Wake(ctx)
			}
			s.lockedIs(ctx, p.Locked)
		case e := <-s.notices.onScreen.events:
			s.pressed(ctx, e.Action)
		case job := <-s.jobs:
			job(ctx)
		case <-s.windows.prompt.closed:
			s.windows.promptEnded(ctx)
		case <-s.windows.main.closed:
			s.windows.mainEnded(ctx)
		}
		if fresh && !s.notices.locked {
			fresh = false
			s.reminders.update(ctx, all)
		}
	}
}

func (s *screen) lockedIs(ctx context.Context, locked bool) {
	if locked {
		s.notices.lock()
		s.onLock()
		return
	}
	s.notices.unlock(ctx)
}

// do has f done by the screen's goroutine.
func (s *screen) do(ctx context.Context, f func(ctx context.Context)) error {
	select {
	case s.jobs <- f:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// complain tells of what a click on a tool, "" for none, failed with.
func (s *screen) complain(ctx context.Context, tool, title string, err error) {
	f := failure{at: s.now()}
	if is, ok := find(ctx, s.sessions, tool); ok {
		f.set = is.Set
	}
	_ = s.do(ctx, func(context.Context) { s.failures.tell(tool, title, err, f) })
}

// nameOf is what a person calls the tool.
func nameOf(ctx context.Context, m *engine.Manager, tool string) string {
	if s, ok := find(ctx, m, tool); ok {
		return s.Name
	}
	return tool
}

func find(ctx context.Context, m *engine.Manager, tool string) (session.Snapshot, bool) {
	all, err := m.Snapshots(ctx)
	i := slices.IndexFunc(all, func(s session.Snapshot) bool { return s.Tool == tool })
	if err != nil || i < 0 {
		return session.Snapshot{}, false
	}
	return all[i], true
}
