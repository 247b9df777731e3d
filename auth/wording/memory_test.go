package wording_test

import (
	"testing"
	"time"

	"keyfob/auth/session"
	"keyfob/auth/wording"
)

func TestMemory(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for want, s := range map[string]session.Snapshot{
		"": {Store: session.StoreKeychain, EndsAt: now},
		"kept in memory only, until Keyfob quits":   {Store: session.StoreMemory},
		"kept in memory only, until 15:04":          {Store: session.StoreMemory, MemoryUntil: now.Add(3*time.Hour + 4*time.Minute)},
		"kept in memory only, until 2 Mar at 06:30": {Store: session.StoreMemory, MemoryUntil: now.Add(18*time.Hour + 30*time.Minute)},
	} {
		if got := wording.Memory(s, now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
