package oidc

import (
	"context"
	"sync"
	"time"
)

// cacheTTL is how long what the provider publishes, its metadata and keys, is
// used before it is fetched again.
const cacheTTL = 24 * time.Hour

// cache holds something that a provider publishes. At most one caller fetches
// at a time; the others wait, and each may give up when its context ends.
type cache[T any] struct {
	fetching chan struct{} // holds one element while somebody fetches

	mu      sync.Mutex
	last    edition[T]
	fetched time.Time // wall clock; zero before the first fetch
}

// edition is what one fetch brought.
type edition[T any] struct {
	value  T
	number int // counts fetches
}

func newCache[T any]() cache[T] { return cache[T]{fetching: make(chan struct{}, 1)} }

// current returns the last edition if it was fetched less than cacheTTL ago. A
// clock that was set back makes it too old.
func (c *cache[T]) current(now time.Time) (edition[T], bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	age := now.Sub(c.fetched)
	return c.last, !c.fetched.IsZero() && age >= 0 && age < cacheTTL
}

// lock waits until nobody else fetches. The caller must call the function
// returned.
func (c *cache[T]) lock(ctx context.Context) (unlock func(), err error) {
	select {
	case c.fetching <- struct{}{}:
		return func() { <-c.fetching }, nil
	case <-ctx.Done():
		return nil, ended(ctx)
	}
}

// put makes value the current edition.
func (c *cache[T]) put(value T, now time.Time) edition[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = edition[T]{value, c.last.number + 1}
	c.fetched = now
	return c.last
}

// get returns the current edition, or fetches one: fetched says which.
func (c *cache[T]) get(
	ctx context.Context, now func() time.Time, fetch func(context.Context) (T, error),
) (e edition[T], fetched bool, err error) {
	if e, ok := c.current(now()); ok {
		return e, false, nil
	}
	unlock, err := c.lock(ctx)
	if err != nil {
		return edition[T]{}, false, err
	}
	defer unlock()
	if e, ok := c.current(now()); ok {
		return e, false, nil
	}
	v, err := fetch(ctx)
	if err != nil {
		return edition[T]{}, false, err
	}
	return c.put(v, now()), true, nil
}
