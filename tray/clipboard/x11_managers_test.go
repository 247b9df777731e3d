//go:build linux || freebsd || openbsd || netbsd

package clipboard_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
)

// A clipboard manager can own the secret instead.
func TestX11ClearsWhatAManagerTookOver(t *testing.T) {
	desktop(t)
	long := strings.Repeat("k", 100<<10)
	for _, text := range []string{secret, long} {
		c := newClipboard(t)
		mustCopy(t, c, auth.Secret(text), 0)
		elsewhere(t, text)
		until(t, "lost", func() bool { return !c.Owned() })
		if err := c.Clear(); err != nil {
			t.Error(err)
		}
		if got := paste(t, "UTF8_STRING"); got != "" {
			t.Errorf("%d of %d bytes are pasted", len(got), len(text))
		}
		elsewhere(t, text+"2") // what only begins like it is somebody's own
		until(t, "theirs", func() bool { return paste(t, "UTF8_STRING") == text+"2" })
		if err := c.Clear(); err != nil {
			t.Error(err)
		}
		if got := paste(t, "UTF8_STRING"); got != text+"2" {
			t.Errorf("%d bytes are pasted", len(got))
		}
	}
}

// However copies and clearings meet, the last one counts.
func TestX11CopiesWhileItClears(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _ = c.Copy(t.Context(), secret, time.Millisecond) })
		all.Go(func() { _ = c.Clear() })
	}
	all.Wait()
	mustCopy(t, c, "last", 0)
	if got := paste(t, "UTF8_STRING"); got != "last" || !c.Owned() {
		t.Errorf("pasted %q, owned %v", got, c.Owned())
	}
}

// What is published is for clipboard managers, too, and no end takes it away
// from them.
func TestX11Publishes(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	if err := c.Publish(t.Context(), "details"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(paste(t, "TARGETS")); slices.Contains(got, "x-kde-passwordManagerHint") {
		t.Errorf("targets %q", got)
	}
	if got := paste(t, "x-kde-passwordManagerHint"); got != "" {
		t.Errorf("the hint is %q", got)
	}
	elsewhere(t, "details") // a manager
	until(t, "lost", func() bool { return !c.Owned() })
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if got := paste(t, "UTF8_STRING"); got != "details" {
		t.Errorf("pasted %q", got)
	}
}
