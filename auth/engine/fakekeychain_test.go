package engine_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
)

// fakeKeychain is a keychain in memory that is locked, away, silent or broken when
// the test says so, and asks a person as a real one does: the call hangs.
type fakeKeychain struct {
	*memory.Store

	mu      sync.Mutex
	state   string // "", or the code that Peek gives
	broken  error  // what every call answers, though Peek says nothing
	prompts int
	calls   int
	changed chan struct{}
	answer  chan bool
	crashed chan struct{} // closed when its program ends in the middle
}

func newFakeKeychain(state string) *fakeKeychain {
	return &fakeKeychain{
		Store:   memory.New(),
		state:   state,
		changed: make(chan struct{}),
		answer:  make(chan bool),
		crashed: make(chan struct{}),
	}
}

// become changes how the keychain stands, as its own program would.
func (k *fakeKeychain) become(state string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state = state
	close(k.changed)
	k.changed = make(chan struct{})
}

// crash ends the keychain's program: whoever waits is cut off, and nobody is
// there for those who come later.
func (k *fakeKeychain) crash() {
	k.become(auth.CodeKeychainAbsent)
	close(k.crashed)
}

func (k *fakeKeychain) breaks(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.broken = err
}

func (k *fakeKeychain) asked() (prompts, calls int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.prompts, k.calls
}

func fault(code string) error {
	if code == "" {
		return nil
	}
	return &auth.Error{Kind: auth.KindKeychain, Code: code, What: "the keychain is " + code}
}

func (k *fakeKeychain) Peek(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return fault(k.state)
}

func (k *fakeKeychain) Await(ctx context.Context, code string) error {
	for {
		k.mu.Lock()
		state, changed := k.state, k.changed
		k.mu.Unlock()
		if state != code {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (k *fakeKeychain) enter(ctx context.Context) error {
	k.mu.Lock()
	k.calls++
	state, broken := k.state, k.broken
	if state == auth.CodeKeychainLocked {
		k.prompts++
	}
	k.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // a Child's deadline
	defer cancel()
	switch state {
	case "":
		return broken
	case auth.CodeKeychainLocked:
		select {
		case yes := <-k.answer:
			if !yes {
				return keychain.Dismissed(nil)
			}
			k.become("")
			return nil
		case <-k.crashed:
			return keychain.BrokenOff(nil)
		case <-ctx.Done():
		}
	case auth.CodeKeychainTimeout:
		<-ctx.Done()
	default:
		return fault(state)
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fault(auth.CodeKeychainTimeout)
	}
	return &auth.Error{Kind: auth.KindCanceled, What: "cancelled", Err: ctx.Err()}
}

func (k *fakeKeychain) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	if err := k.enter(ctx); err != nil {
		return auth.Tokens{}, err
	}
	return k.Store.Load(ctx, tool)
}

func (k *fakeKeychain) Save(ctx context.Context, tool string, t auth.Tokens) error {
	if err := k.enter(ctx); err != nil {
		return err
	}
	return k.Store.Save(ctx, tool, t)
}

func (k *fakeKeychain) Delete(ctx context.Context, tool string) error {
	if err := k.enter(ctx); err != nil {
		return err
	}
	return k.Store.Delete(ctx, tool)
}

// newKeychainEnvironment is an environment whose tools' tokens are in k.
func newKeychainEnvironment(t *testing.T, k *fakeKeychain) (*environment, *engine.Manager) {
	t.Helper()
	env := newEnvironment(t)
	for _, tool := range env.tools {
		if err := k.Store.Save(t.Context(), tool.ID, env.signIn(tool.ID)); err != nil {
			t.Fatal(err)
		}
	}
	m := env.manager(func(c *engine.Config) { c.Store, c.AwaitKeychain = k, k.Await })
	return env, m
}
