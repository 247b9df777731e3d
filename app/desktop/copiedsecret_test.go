package desktop

import (
	"testing"

	"keyfob/tray/clipboard"
)

// TestLockedWhileCopying has the screen locked while a secret is on its way to
// the clipboard, which can take a while: it does not stay there.
func TestLockedWhileCopying(t *testing.T) {
	c := copies{clip: clipboard.New()}
	before := c.timesCleared()
	c.clear()
	if c.copied("plant4", before); c.of != "" {
		t.Error("it stays behind the lock")
	}
	if c.copied("plant4", c.timesCleared()); c.of != "plant4" {
		t.Error("a later one does not stay")
	}
}
