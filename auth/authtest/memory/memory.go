// Package memory is a keychain for tests: a [keychain.Store] in the memory of
// the process. It keeps what the real one keeps of a token set, and refuses what
// that refuses.
//
// It must never be linked by the program.
package memory

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
)

// Store is such a keychain. It is safe for use by several goroutines.
type Store struct {
	mu   sync.Mutex
	sets map[string]auth.Tokens
}

var _ keychain.Store = (*Store)(nil)

// New returns an empty Store.
func New() *Store { return &Store{sets: map[string]auth.Tokens{}} }

// Load implements [keychain.Store].
func (s *Store) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	if err := ended(ctx); err != nil {
		return auth.Tokens{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.sets[tool]
	if !ok {
		return auth.Tokens{}, keychain.ErrNotFound
	}
	return stored(t), nil
}

// Save implements [keychain.Store].
func (s *Store) Save(ctx context.Context, tool string, t auth.Tokens) error {
	if err := ended(ctx); err != nil {
		return err
	}
	if t.Unverified {
		return &auth.Error{Kind: auth.KindFailed, Code: auth.CodeUnverified, What: "tokens that were not checked cannot be stored"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sets[tool] = stored(t)
	return nil
}

// Delete implements [keychain.Store].
func (s *Store) Delete(ctx context.Context, tool string) error {
	if err := ended(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sets, tool)
	return nil
}

// Peek implements [keychain.Store].
func (s *Store) Peek(context.Context) error { return nil }

// stored is t as it comes out of a keychain: nothing of it is shared with
// anybody, times are wall clock in UTC, and a refusal has lost its cause.
func stored(t auth.Tokens) auth.Tokens {
	for _, at := range []*time.Time{&t.SignedInAt, &t.IssuedAt, &t.Expiry, &t.RefreshExpiry, &t.AuthTime} {
		*at = at.Round(0).UTC()
	}
	for _, list := range []*[]string{&t.Scopes, &t.Asked} {
		if *list = slices.Clone(*list); len(*list) == 0 {
			*list = nil
		}
	}
	if t.Refusal != nil {
		e := *t.Refusal
		e.Err = nil
		t.Refusal = &e
	}
	return t
}

func ended(ctx context.Context) error {
	switch err := ctx.Err(); {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return &auth.Error{Kind: auth.KindKeychain, Code: auth.CodeKeychainTimeout, What: "the keychain did not answer in time", Err: err}
	default:
		return &auth.Error{Kind: auth.KindCanceled, Code: auth.CodeCanceled, What: "the work with the keychain was cancelled", Err: err}
	}
}
