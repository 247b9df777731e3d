package app

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/process"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

const (
	// keychainDeadline bounds one use of the keychain. A person may be typing
	// the keychain's password meanwhile, so it is no shorter.
	keychainDeadline = time.Minute
	// statusWait is how long status waits for the keychain to answer.
	statusWait = 2 * time.Second
)

// clients hands out the provider clients, one for each set of certificate
// authorities, so that tools of one provider share its metadata and keys.
type clients struct {
	now    func() time.Time
	secret func(context.Context, auth.Tool) (auth.Secret, error) // nil when no tool has one
	http   func(caFile string) (*http.Client, error)

	mu sync.Mutex
	of map[string]*making // by CA file
}

// newClients hands out clients whose tools have their secrets from secret, which
// is nil where none has one.
func newClients(now func() time.Time, secret func(context.Context, auth.Tool) (auth.Secret, error)) *clients {
	return &clients{now: now, secret: secret, http: oidc.NewHTTPClient}
}

// making is a client that somebody makes, or has made.
type making struct {
	done   chan struct{} // closed when the rest is known
	client *oidc.Client
	err    error
}

// get makes each client once. A file that takes its time to be read holds up the
// tools that name it, and one that cannot be read is tried again by the next.
func (c *clients) get(t auth.Tool) (*oidc.Client, error) {
	c.mu.Lock()
	m, found := c.of[t.CAFile]
	if !found {
		if c.of == nil {
			c.of = map[string]*making{}
		}
		m = &making{done: make(chan struct{})}
		c.of[t.CAFile] = m
	}
	c.mu.Unlock()
	if found {
		<-m.done
		return m.client, m.err
	}
	hc, err := c.http(t.CAFile)
	if m.err = err; err == nil {
		m.client = &oidc.Client{HTTP: hc, Now: c.now, Secret: c.secret}
	} else {
		c.mu.Lock()
		delete(c.of, t.CAFile)
		c.mu.Unlock()
	}
	close(m.done)
	return m.client, m.err
}

// sessions puts a manager together. mustStore says that this process ends
// soon, so that tokens in its memory would be lost.
func (h host) sessions(tools []auth.Tool, broken []engine.Broken, store keychain.Store, dir string, mustStore bool) *engine.Manager {
	locks := lock.NewSessions(dir)
	if child, ok := inside(store).(*keychain.Child); ok {
		child.Inherit = locks.Files
	}
	c := engine.Config{
		Tools: tools, Broken: broken,
		Store:         store,
		Client:        newClients(h.now, secretOf(store, mustStore)).get,
		OpenBrowser:   h.open,
		Lock:          locks.Take,
		RefreshNotes:  dir,
		KeychainHolds: func(tool string) bool { return slices.Contains(h.ledger("").Names(), tool) },
		MayAsk:        asks(dir, h.now),
		Now:           h.now,
		MustStore:     mustStore,
	}
	if mustStore {
		c.ReportWait = func(why *auth.Error) { cli.Report(h.err, why) }
	} else {
		c.AwaitKeychain = keychain.Await
	}
	return engine.New(c)
}

// childKeychain is the keychain behind a child process of this very program,
// also where another was installed over it. The process starts with the first
// use. Close it at the end.
func childKeychain(service string) *keychain.Child {
	return keychain.NewChild(service, []string{process.Program(), cli.Keychain}, keychainDeadline)
}

// broken turns the tools that the settings name wrongly into sessions that
// say so.
func broken(s *config.Settings) []engine.Broken {
	var all []engine.Broken
	for _, b := range s.Bad {
		all = append(all, engine.Broken{ID: b.ID, Name: b.Name, Err: b.Err})
	}
	return all
}

// withLocal runs f with sessions in this process, for when no engine runs.
// Only tool is loaded where one is named.
func (h host) withLocal(ctx context.Context, s *config.Settings, tool, dir string, f func(cli.Engine) error) error {
	tools, bad := s.Tools, broken(s)
	if tool != "" {
		tools, bad = nil, nil
		for _, t := range s.Tools {
			if t.ID == tool {
				tools = append(tools, t)
			}
		}
		for _, b := range broken(s) {
			if b.ID == tool {
				bad = append(bad, b)
			}
		}
	}
	m := h.sessions(tools, bad, h.noted(s.Path), dir, true)
	return running(ctx, m, func() error { return f(brief{local{m}, h.err}) })
}

// running runs m while f runs.
func running(ctx context.Context, m *engine.Manager, f func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { m.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	return f()
}

// local answers the command line from sessions in this process.
type local struct{ m *engine.Manager }

// Status waits a moment for a keychain that is still being read: one that asks
// a person for its password is told as such instead.
func (l local) Status(ctx context.Context) ([]session.Snapshot, error) {
	within, cancel := context.WithTimeout(ctx, statusWait)
	defer cancel()
	if err := l.m.Loaded(within); err != nil && within.Err() == nil {
		return nil, err
	}
	return l.m.Snapshots(ctx)
}

func (l local) Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	return l.m.Token(ctx, tool, atLeast)
}

// brief is the local engine of a process that ends soon. What it cannot store
// is lost with it, and it says so.
type brief struct {
	local
	err io.Writer
}

// Token implements [cli.Engine].
func (b brief) Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	t, err := b.local.Token(ctx, tool, atLeast)
	if err != nil {
		return t, err
	}
	all, err := b.m.Snapshots(ctx)
	for _, s := range all {
		if s.Tool == tool && s.Store == session.StoreMemory {
			why := ""
			if s.Problem != nil {
				why = " (" + s.Problem.What + ")"
			}
			_ = cli.Say(b.err, "keyfob: the session was renewed and could not be stored"+why+": the next command may want you to sign in again")
		}
	}
	return t, err
}

func (l local) Login(ctx context.Context, tool string, o session.SignInOptions) error {
	return l.m.SignIn(ctx, tool, o)
}

func (l local) Logout(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	return l.m.SignOut(ctx, tool, o)
}
