package desktop

import (
	"context"
	"sync"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
	"keyfob/tray/clipboard"
)

// copies is what this program puts on the clipboard. A secret leaves it after a
// while, by tray/clipboard itself, and at once with the session that it is of,
// when the screen is locked, and with this program.
type copies struct {
	clip *clipboard.Clipboard

	mu      sync.Mutex
	of      string // the tool whose secret was copied last; "" when that was no secret
	cleared int    // how often the secret had to go
}

// copySecret copies a secret of tool, to be cleared after that long.
func (c *copies) copySecret(ctx context.Context, tool string, text auth.Secret, after time.Duration) error {
	before := c.timesCleared()
	if err := c.clip.Copy(ctx, text, after); err != nil {
		return err
	}
	c.copied(tool, before)
	return nil
}

// timesCleared is how often secrets had to go.
func (c *copies) timesCleared() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cleared
}

// copied notes whose secret was copied. It goes at once if it would have had to
// go while that was under way, as where the screen was locked meanwhile.
func (c *copies) copied(tool string, before int) {
	c.mu.Lock()
	c.of = tool
	late := c.cleared != before
	c.mu.Unlock()
	if late {
		c.clear()
	}
}

// copyPublic copies what is no secret, and stays, also after this program.
func (c *copies) copyPublic(ctx context.Context, text string) error {
	if err := c.clip.Publish(ctx, text); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of = ""
	return nil
}

// clear clears the secret that was copied, if it is still there. Nobody is there
// to be told of an error; the clipboard tries again by itself.
func (c *copies) clear() {
	c.mu.Lock()
	had := c.of != ""
	c.of = ""
	c.cleared++
	c.mu.Unlock()
	if had {
		_ = c.clip.Clear()
	}
}

// clearAfterSignOut clears the secret of a session that is signed out of,
// wherever that happens, until ctx ends.
func (c *copies) clearAfterSignOut(ctx context.Context, m *engine.Manager) {
	for all := range m.Watch(ctx) {
		c.mu.Lock()
		of := c.of
		c.mu.Unlock()
		if of != "" && signedOut(all, of) {
			c.clear()
		}
	}
}

// signedOut reports whether nobody is signed in to a tool any more.
func signedOut(all []session.Snapshot, tool string) bool {
	for _, s := range all {
		if s.Tool == tool {
			return s.State == session.SignedOut
		}
	}
	return true
}
