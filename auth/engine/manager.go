package engine

import (
	"context"
	"net"
	"reflect"
	"sync"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/loopback/peer"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

const (
	// tick bounds how long a wall clock that jumped (a laptop that slept) goes
	// unnoticed while anybody is signed in. There is no tick otherwise.
	tick = 30 * time.Second
	// signInTimeout is how long a sign-in waits for the person in the browser,
	// unless the configuration says otherwise.
	signInTimeout = 5 * time.Minute
	// loadsAtOnce bounds how many keychain readers run at start.
	loadsAtOnce = 4
)

// Config is what a Manager works with. Every field is needed unless it says
// otherwise.
type Config struct {
	Tools  []auth.Tool
	Broken []Broken // tools whose settings cannot be used; may be empty

	Store       keychain.Store
	Client      func(auth.Tool) (*oidc.Client, error)                  // shared by tools where it can be
	OpenBrowser func(ctx context.Context, url string) error            // opens the system browser
	Lock        func(ctx context.Context, tool string) (func(), error) // held over processes; returns its release
	Now         func() time.Time                                       //
	Who         func(net.Conn) peer.Who                                // whose a connection on loopback is; nil means [peer.Of]
	// RefreshNotes is a folder for notes of refreshes under way, which the user's
	// processes share like the lock; empty leaves none.
	RefreshNotes string
	// SignInTimeout is how long a sign-in waits for the person; zero means five
	// minutes.
	SignInTimeout time.Duration
	// SignOutPageTimeout is how long a sign-out waits for the browser to come back from
	// the provider's page; zero means 25 seconds.
	SignOutPageTimeout time.Duration
	// MayAsk is called before the keychain may ask a person for its password, and
	// again with whether that brought one. Its error is the reason why nobody is
	// to be asked now, unless somebody insists. May be nil.
	MayAsk func(ctx context.Context, insist bool) (answered func(bool), err error)
	// ReportWait is set by a process that ends soon, and is told what a caller waits
	// for while the keychain asks a person. Where it is nil, the caller gets that
	// as an error, and the keychain goes on asking.
	ReportWait func(why *auth.Error)
	// AwaitKeychain is [keychain.Await], or nil in a process that ends soon.
	AwaitKeychain func(ctx context.Context, code string) error
	// KeychainHolds reports whether the keychain is known to hold a tool's tokens, for
	// when it cannot be reached. May be nil, where nobody knows.
	KeychainHolds func(tool string) bool
	// MustStore refuses to sign in where no keychain would keep the tokens:
	// set by a process that ends soon.
	MustStore bool
}

// Broken is a tool that the settings name and that cannot be used.
type Broken struct {
	ID, Name string
	Err      *auth.Error
}

// Manager owns all sessions of a user. Its methods may be called from any
// goroutine; they are answered while [Manager.Run] runs.
type Manager struct {
	cfg   Config
	calls chan func(run context.Context)
	done  chan struct{} // closed when Run has returned

	// Owned by Run's goroutine.
	order    []string
	sessions map[string]*live
	watchers map[chan []session.Snapshot]struct{}
	timer    *time.Timer
	loadSlot chan struct{}
	workers  sync.WaitGroup
	changed  bool      // a session did since the watchers were told
	settled  time.Time // when the timer was last set, by the wall clock
	woke     time.Time // when the machine last woke; only its monotonic part counts
	keys     keys
}

// live is one session in the manager: its facts, what was last said of it,
// and the operations under way, at most one of a kind.
type live struct {
	facts    Facts
	snap     session.Snapshot
	failures int // refreshes that failed in a row
	timed    timed

	load, refresh     *operation
	store, forgetting *operation // tokens in memory go into the keychain, or out of it
	signIn            *signInOp
	forget            bool // the keychain may hold tokens that a person signed out of
}

// operation is work under way in a goroutine of its own.
type operation struct {
	cancel context.CancelFunc
	done   chan struct{} // closed after the result was applied
	err    error         // read it after done
	asks   bool          // a person may be asked for the keychain's password
	late   *auth.Error   // what it waits for, once it took long
	slow   chan struct{} // closed when late is set, for good; nil for what is never told to take long
	cut    *auth.Error   // why it was given up, or nil; read it after done
}

// New returns a manager of cfg.Tools. Nothing happens before [Manager.Run].
func New(cfg Config) *Manager {
	if cfg.SignInTimeout <= 0 {
		cfg.SignInTimeout = signInTimeout
	}
	if cfg.SignOutPageTimeout <= 0 {
		cfg.SignOutPageTimeout = backTimeout
	}
	m := &Manager{
		cfg:      cfg,
		calls:    make(chan func(context.Context)),
		done:     make(chan struct{}),
		sessions: make(map[string]*live, len(cfg.Tools)+len(cfg.Broken)),
		watchers: make(map[chan []session.Snapshot]struct{}),
		loadSlot: make(chan struct{}, loadsAtOnce),
	}
	if m.keys.store = cfg.Store; cfg.MustStore {
		m.cfg.Store = m.asking(false)
	} else {
		m.cfg.Store = m.quiet()
	}
	for _, t := range cfg.Tools {
		m.add(t.ID, m.newLive(Facts{Tool: t}))
	}
	for _, b := range cfg.Broken {
		m.add(b.ID, m.newLive(b.facts()))
	}
	return m
}

// Run reads the keychain and then owns the sessions until ctx ends. It
// returns when every operation has ended, so that none is cut off between a
// provider's answer and the keychain.
func (m *Manager) Run(ctx context.Context) {
	defer close(m.done)
	m.timer = time.NewTimer(tick)
	defer m.timer.Stop()
	for _, s := range m.sessions {
		if s.facts.Settings == nil {
			m.startLoad(ctx, s)
		}
	}
	m.settle(ctx)
	for {
		select {
		case call := <-m.calls:
			call(ctx)
		case <-m.timer.C:
			m.tick(ctx)
		case <-ctx.Done():
			m.drain(ctx)
			return
		}
		m.publish()
	}
}

// drain applies what workers bring until the last has ended.
func (m *Manager) drain(ctx context.Context) {
	idle := make(chan struct{})
	go func() { m.workers.Wait(); close(idle) }()
	for {
		select {
		case call := <-m.calls:
			call(ctx)
			m.publish()
		case <-idle:
			return
		}
	}
}

// do runs f in the manager's goroutine and returns when it has run. f must
// not block.
func (m *Manager) do(ctx context.Context, f func(run context.Context)) error {
	ran := make(chan bool, 1)
	select {
	case m.calls <- func(run context.Context) {
		if run.Err() == nil {
			f(run)
		}
		ran <- run.Err() == nil
	}:
		if <-ran {
			return nil
		}
	case <-ctx.Done():
		return ctx.Err()
	case <-m.done:
	}
	return &auth.Error{
		Kind: auth.KindTransient,
		Code: auth.CodeStopped,
		What: "keyfob is shutting down",
		Do:   "try again",
		Who:  auth.WhoWait,
	}
}

// start runs work in a goroutine and apply, with what work returned, in the
// manager's. A worker that is under way when the manager stops still ends.
func start[T any](
	run context.Context,
	m *Manager,
	work func(context.Context) T,
	apply func(run context.Context, op *operation, result T),
) *operation {
	ctx, cancel := context.WithCancel(run)
	op := &operation{cancel: cancel, done: make(chan struct{})}
	m.workers.Go(func() {
		defer cancel()
		result := work(ctx)
		m.calls <- func(run context.Context) {
			apply(run, op, result)
			close(op.done)
			m.settle(run)
		}
	})
	return op
}

// touch derives s anew and starts a refresh that is due.
func (m *Manager) touch(run context.Context, s *live) { m.touchAt(run, s, m.cfg.Now()) }

func (m *Manager) touchAt(run context.Context, s *live, now time.Time) {
	s.keepTime(now)
	snap := Derive(s.facts, now)
	due := !snap.RefreshAt.IsZero() && !now.Round(0).Before(snap.RefreshAt)
	if due && s.refresh == nil && s.signIn == nil && run.Err() == nil {
		m.startRefresh(run, s, 0)
	}
	if !reflect.DeepEqual(snap, s.snap) {
		s.snap, m.changed = snap, true
	}
}

// settle sets the timer to the next moment at which a session changes by
// itself.
func (m *Manager) settle(run context.Context) {
	m.timer.Stop()
	var next time.Time
	signedIn := false
	now := m.cfg.Now().Round(0)
	m.settled = now
	for _, s := range m.sessions {
		next = earliestAfter(now, next, s.snap.NextWake)
		signedIn = signedIn || s.facts.Tokens != nil
	}
	if signedIn && run.Err() == nil {
		wait := tick
		if !next.IsZero() {
			wait = min(wait, next.Sub(now))
		}
		m.timer.Reset(wait)
	}
	m.tend(run)
}
