package app

import (
	"testing"

	"keyfob/tray/clipboard"
)

// TestLockedWhileCopying has the screen locked while a secret is on its way to
// the clipboard, which can take a while: it does not stay there.
func TestLockedWhileCopying(t *testing.T) {
	c := copies{clip: clipboard.New()}
	before := c.forgets()
	c.forget()
	if c.kept("plant4", before); c.of != "" {
		t.Error("it stays behind the lock")
	}
	if c.kept("plant4", c.forgets()); c.of != "plant4" {
		t.Error("a later one does not stay")
	}
}
