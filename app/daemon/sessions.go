package daemon

import (
	"context"
	"errors"
	"time"

	"keyfob/app/config"
	"keyfob/app/lock"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// Parts are what the sessions of a process are made of.
type Parts struct {
	Dir         string       // of the socket
	Locks       lock.Folders // of the locks, and of the notes of refreshes
	Store       keychain.Store
	Helper      *keychain.Child // the process in Store that writes; nil for none
	Stored      func(tool string) bool
	Now         func() time.Time
	OpenBrowser func(ctx context.Context, address string) error

	OnDemand bool          // nothing is renewed before somebody asks for it
	InMemory []engine.Held // from the engine before this one
}

// NewSessions makes the sessions of these tools.
func NewSessions(tools []auth.Tool, broken []engine.Broken, p Parts) *engine.Manager {
	locks := lock.NewSessions(p.Locks)
	if p.Helper != nil {
		p.Helper.Inherit = locks.Files
	}
	c := engine.Config{
		Tools: tools, Broken: broken,
		Store:         p.Store,
		Client:        NewClients(p.Now, clientSecrets(p.Store)).For,
		OpenBrowser:   p.OpenBrowser,
		Lock:          locks.Take,
		RefreshNotes:  p.Locks.Notes(),
		KeychainHolds: p.Stored,
		MayAsk:        mayAsk(p.Locks, p.Now),
		Now:           p.Now,
		AwaitKeychain: keychain.Await,
		OnDemand:      p.OnDemand,
		InMemory:      p.InMemory,
	}
	return engine.New(c)
}

// Broken turns the tools that the settings name wrongly into sessions that say
// so.
func Broken(s *config.Settings) []engine.Broken {
	var all []engine.Broken
	for _, b := range s.Bad {
		all = append(all, engine.Broken{ID: b.ID, Name: b.Name, Err: b.Err})
	}
	return all
}

// clientSecrets returns where the provider clients find a tool's client secret:
// in the keychain, and nowhere else. A locked keychain is not made to ask a person
// for its password: nobody may be there.
func clientSecrets(store keychain.Store) func(context.Context, auth.Tool) (auth.Secret, error) {
	store = keychain.Careful{Store: store}
	return func(ctx context.Context, tool auth.Tool) (auth.Secret, error) {
		secret, err := keychain.Secrets{Store: store}.Load(ctx, tool)
		if errors.Is(err, keychain.ErrNotFound) {
			return "", nil // the client says what to do
		}
		return secret, err
	}
}

// statusWait is how long Status waits for the keychain to answer.
const statusWait = 2 * time.Second

// Status returns all sessions. It waits a moment for a keychain that is still
// being read: one that asks a person for its password is told as such instead.
func Status(ctx context.Context, m *engine.Manager) ([]session.Snapshot, error) {
	within, cancel := context.WithTimeout(ctx, statusWait)
	defer cancel()
	if err := m.Loaded(within); err != nil && within.Err() == nil {
		return nil, err
	}
	return m.Snapshots(ctx)
}

// Running runs m while f runs.
func Running(ctx context.Context, m *engine.Manager, f func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { m.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	return f()
}
