package keychain

import (
	"context"
	"sync"

	"keyfob/auth"
)

// Memory is a Store over the same vault as a keychain's, in memory. Tests of other
// packages use auth/authtest/memory.
type Memory struct {
	mu sync.Mutex
	v  vault
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty Memory.
func NewMemory() *Memory { return &Memory{v: vault{"memory", items{}, []int{chunkSize}}} }

// Load implements Store.
func (m *Memory) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.v.load(ctx, tool)
}

// Save implements Store.
func (m *Memory) Save(ctx context.Context, tool string, t auth.Tokens) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.v.save(ctx, tool, t)
}

// Delete implements Store.
func (m *Memory) Delete(ctx context.Context, tool string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.v.delete(ctx, tool)
}

// Peek implements Store.
func (m *Memory) Peek(context.Context) error { return nil }

// items is the backend of Memory.
type items map[string]string

func (m items) get(_ context.Context, name string) (string, error) {
	v, ok := m[name]
	if !ok {
		return "", errNoItem
	}
	return v, nil
}

func (m items) set(_ context.Context, name, value string) error {
	m[name] = value
	return nil
}

func (m items) remove(_ context.Context, name string) error {
	if _, ok := m[name]; !ok {
		return errNoItem
	}
	delete(m, name)
	return nil
}
