package app

import (
	"context"
	"sync"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
	"keyfob/tray/clipboard"
)

// copies is what the desk puts on the clipboard. A secret goes from there by
// itself after a while, and at once with the session that it is of, behind a
// locked screen, and with this program.
type copies struct {
	clip *clipboard.Clipboard

	guard  sync.Mutex
	of     string // the tool whose secret was copied last; "" when that was no secret
	forgot int    // how often the secret had to go
}

// keep copies a secret of tool, to be cleared after that long.
func (c *copies) keep(ctx context.Context, tool string, text auth.Secret, after time.Duration) error {
	before := c.forgets()
	if err := c.clip.Copy(ctx, text, after); err != nil {
		return err
	}
	c.kept(tool, before)
	return nil
}

// forgets is how often secrets had to go.
func (c *copies) forgets() int {
	c.guard.Lock()
	defer c.guard.Unlock()
	return c.forgot
}

// kept notes whose secret was copied. It goes at once if it would have had to go
// while that was under way, as where the screen was locked meanwhile.
func (c *copies) kept(tool string, before int) {
	c.guard.Lock()
	c.of = tool
	late := c.forgot != before
	c.guard.Unlock()
	if late {
		c.forget()
	}
}

// publish copies what is no secret, and stays, also after this program.
func (c *copies) publish(ctx context.Context, text string) error {
	if err := c.clip.Publish(ctx, text); err != nil {
		return err
	}
	c.guard.Lock()
	defer c.guard.Unlock()
	c.of = ""
	return nil
}

// forget clears the secret that was copied, if it is still there. Nobody is
// there to be told of an error; the clipboard tries again by itself.
func (c *copies) forget() {
	c.guard.Lock()
	had := c.of != ""
	c.of = ""
	c.forgot++
	c.guard.Unlock()
	if had {
		_ = c.clip.Clear()
	}
}

// follow clears the secret of a session that is signed out of, wherever that
// happens, until ctx ends.
func (c *copies) follow(ctx context.Context, m *engine.Manager) {
	for all := range m.Watch(ctx) {
		c.guard.Lock()
		of := c.of
		c.guard.Unlock()
		if of != "" && over(all, of) {
			c.forget()
		}
	}
}

// over reports whether nobody is signed in to a tool any more.
func over(all []session.Snapshot, tool string) bool {
	for _, s := range all {
		if s.Tool == tool {
			return s.State == session.SignedOut
		}
	}
	return true
}
