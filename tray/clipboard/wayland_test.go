//go:build linux

package clipboard_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/tray/clipboard"
)

// sway is the only desktop that the test can see. Its X server is there, too.
func sway(t *testing.T) *bed.Bed {
	t.Helper()
	b := bed.Start(t, bed.Options{Sway: true, NoBus: true})
	t.Setenv("WAYLAND_DISPLAY", b.Wayland)
	t.Setenv("DISPLAY", b.Display)
	return b
}

// swayCopies copies as another program on sway does.
func swayCopies(t *testing.T, b *bed.Bed, text string) {
	t.Helper()
	cmd := b.Command("wl-copy", "--foreground", "--type", "text/plain")
	cmd.Stdin = strings.NewReader(text)
	b.StartCommand(cmd)
	b.Wait("the other program's text", func() bool { return b.Clipboard() == text })
}

func TestSwayCopies(t *testing.T) {
	b := sway(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	if got := b.Clipboard(); got != secret || !c.Owned() {
		t.Errorf("pasted %q; owned: %v", got, c.Owned())
	}
	if got := b.ClipboardAs("x-kde-passwordManagerHint"); got != "secret" {
		t.Errorf("the hint for clipboard managers is %q", got)
	}
	long := strings.Repeat("k", 64<<10)
	mustCopy(t, c, auth.Secret(long), 0)
	if got := b.Clipboard(); got != long {
		t.Errorf("%d of %d bytes pasted", len(got), len(long))
	}
	if err := c.Publish(t.Context(), "details"); err != nil {
		t.Error(err)
	}
	if got := b.ClipboardTypes(); b.Clipboard() != "details" || slices.Contains(got, "x-kde-passwordManagerHint") {
		t.Errorf("pasted %q; offered as %q", b.Clipboard(), got)
	}
}

func TestSwayClears(t *testing.T) {
	b := sway(t)
	acts := map[string]func(*clipboard.Clipboard) error{
		"Clear": (*clipboard.Clipboard).Clear,
		"Close": (*clipboard.Clipboard).Close,
		"its time": func(c *clipboard.Clipboard) error {
			err := c.Copy(context.Background(), secret, time.Millisecond)
			b.Wait("the end of its time", func() bool { return !c.Owned() })
			return err
		},
	}
	for name, act := range acts {
		c := newClipboard(t)
		mustCopy(t, c, secret, 0)
		if err := act(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := b.Clipboard(); strings.TrimSpace(got) != "" || c.Owned() {
			t.Errorf("%s: pasted %q; owned: %v", name, got, c.Owned())
		}
	}
}

func TestSwayLeavesWhatOthersCopied(t *testing.T) {
	b := sway(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	swayCopies(t, b, "theirs")
	for name, act := range map[string]func() error{"Clear": c.Clear, "Close": c.Close} {
		if err := act(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := b.Clipboard(); got != "theirs" {
			t.Errorf("after %s %q is pasted", name, got)
		}
	}
}

// A clipboard manager can own the secret instead.
func TestSwayClearsWhatAManagerTookOver(t *testing.T) {
	b := sway(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	swayCopies(t, b, secret)
	b.Wait("the loss of the selection", func() bool { return !c.Owned() })
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	if got := b.Clipboard(); got != "" {
		t.Errorf("pasted %q", got)
	}
	swayCopies(t, b, secret+"2") // what only begins like it is somebody's own
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	if got := b.Clipboard(); got != secret+"2" {
		t.Errorf("pasted %q", got)
	}
}

// One that has the secret in its history can put it back when it goes.
func TestSwayClearsWhatAManagerBringsBack(t *testing.T) {
	b := sway(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	swayCopies(t, b, secret)
	b.Wait("an empty clipboard", func() bool { return b.Clipboard() == "" })
}

// The X server of a Wayland desktop has a clipboard of its own, which is no
// way to the desktop's.
func TestSwayIsNotReachedByItsXServer(t *testing.T) {
	b := sway(t)
	swayCopies(t, b, "before")
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_RUNTIME_DIR", "")
	c := newClipboard(t)
	wantUnavailable(t, c.Copy(t.Context(), secret, 0))
	if got := b.Clipboard(); got != "before" || c.Owned() {
		t.Errorf("pasted %q; owned: %v", got, c.Owned())
	}
}

func TestSwayDies(t *testing.T) {
	b := sway(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	b.Sway.Kill()
	b.Wait("the loss of the selection", func() bool { return !c.Owned() })
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	wantUnavailable(t, c.Copy(t.Context(), secret, 0))
}

func TestSwayHangs(t *testing.T) {
	b := sway(t)
	c := newClipboard(t)
	authtest.Freeze(t, b.Sway.PID())
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	wantUnavailable(t, c.Copy(ctx, secret, 0))
	if c.Owned() {
		t.Error("owned")
	}
}

// However copies and clearings meet, the last one counts.
func TestSwayCopiesWhileItClears(t *testing.T) {
	b := sway(t)
	c := newClipboard(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _ = c.Copy(t.Context(), secret, time.Millisecond) })
		all.Go(func() { _ = c.Clear() })
	}
	all.Wait()
	mustCopy(t, c, "first", time.Millisecond)
	mustCopy(t, c, "last", 0)
	if got := b.Clipboard(); got != "last" || !c.Owned() {
		t.Errorf("pasted %q; owned: %v", got, c.Owned())
	}
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	if got := b.Clipboard(); got != "" {
		t.Errorf("pasted %q", got)
	}
}
