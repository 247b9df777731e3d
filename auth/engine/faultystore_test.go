package engine_test

import (
	"context"
	"sync"

	"keyfob/auth"
	"keyfob/auth/authtest/memory"
)

// faultyStore is the memory keychain with faults that a real one cannot be
// made to have at a chosen moment.
type faultyStore struct {
	*memory.Store

	mu    sync.Mutex
	fault error // what every call answers, or nil
	saves []auth.Tokens
}

var errLocked = &auth.Error{Kind: auth.KindKeychain, Code: "keychain_locked", What: "the keychain is locked"}

func (s *faultyStore) set(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = err
}

func (s *faultyStore) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

func (s *faultyStore) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	if err := s.err(); err != nil {
		return auth.Tokens{}, err
	}
	return s.Store.Load(ctx, tool)
}

func (s *faultyStore) Save(ctx context.Context, tool string, t auth.Tokens) error {
	if err := s.err(); err != nil {
		return err
	}
	s.mu.Lock()
	s.saves = append(s.saves, t)
	s.mu.Unlock()
	return s.Store.Save(ctx, tool, t)
}

func (s *faultyStore) Delete(ctx context.Context, tool string) error {
	if err := s.err(); err != nil {
		return err
	}
	return s.Store.Delete(ctx, tool)
}
