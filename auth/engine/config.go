package engine

import (
	"context"
	"net"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/loopback/peer"
	"keyfob/auth/oidc"
)

const (
	// signInTimeout is how long a sign-in waits for the person in the browser,
	// unless the configuration says otherwise.
	signInTimeout = 5 * time.Minute
	// signOutPageTimeout is how long the provider's sign-out page has to send the
	// browser back, unless the configuration says otherwise: a person may be
	// asked whether they mean it.
	signOutPageTimeout = 25 * time.Second
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
	// RefreshNotes are folders for notes of refreshes under way, which the
	// user's processes share like the lock. The first that takes one has it, and
	// the others are looked into as well; none leaves no notes.
	RefreshNotes []string
	// SignInTimeout is how long a sign-in waits for the person; zero means five
	// minutes.
	SignInTimeout time.Duration
	// SignOutPageTimeout is how long a sign-out waits for the browser to come
	// back from the provider's page; zero means 25 seconds.
	SignOutPageTimeout time.Duration
	// MayAsk is called before the keychain may ask a person for its password,
	// and what it returns with whether that brought one. Its error is the reason
	// why nobody is to be asked now, unless somebody insists. May be nil.
	MayAsk func(ctx context.Context, insist bool) (answered func(bool), err error)
	// AwaitKeychain is [keychain.Await]. May be nil, where nothing tells that the
	// keychain is back.
	AwaitKeychain func(ctx context.Context, code string) error
	// KeychainHolds reports whether the keychain is known to hold a tool's
	// tokens, for when it cannot be reached. May be nil, where nobody knows.
	KeychainHolds func(tool string) bool
	// OnDemand is for an engine that nobody sees: nothing is read, renewed or
	// tried again unless somebody wants something. See [Manager.SetOnDemand].
	OnDemand bool
	// InMemory is what only the memory of an earlier engine held, see
	// [Manager.InMemory]. It is stored as soon as the keychain takes it.
	InMemory []Held
}

func (c Config) withDefaults() Config {
	if c.SignInTimeout <= 0 {
		c.SignInTimeout = signInTimeout
	}
	if c.SignOutPageTimeout <= 0 {
		c.SignOutPageTimeout = signOutPageTimeout
	}
	return c
}

// Broken is a tool that the settings name and that cannot be used.
type Broken struct {
	ID, Name string
	Err      *auth.Error
}

func (b Broken) facts() Facts {
	return Facts{Tool: auth.Tool{ID: b.ID, Name: b.Name}, BadSettings: b.Err}
}
