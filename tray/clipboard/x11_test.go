//go:build linux || freebsd || openbsd || netbsd

package clipboard_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/tray/clipboard"
	"keyfob/tray/internal/xtest"
)

const secret = "eyJhbGciOi.J9-_.~+/="

// desktop runs an X server, as the only desktop that the test can see.
func desktop(t *testing.T) *xtest.Server {
	t.Helper()
	x := xtest.Start(t)
	t.Setenv("DISPLAY", x.Display)
	t.Setenv("WAYLAND_DISPLAY", "")
	return x
}

func newClipboard(t *testing.T) *clipboard.Clipboard {
	t.Helper()
	c := clipboard.New()
	t.Cleanup(func() {
		// The end of a secret waits for managers, that of another text does not.
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = c.Publish(ctx, "")
		_ = c.Close()
	})
	return c
}

func xclip(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	authtest.Need(t, "xclip")
	return exec.Command("xclip", append([]string{"-selection", "clipboard"}, args...)...)
}

// paste returns the clipboard in the form target, "" where there is none.
func paste(t *testing.T, target string) string {
	t.Helper()
	out, err := xclip(t, "-o", "-t", target).Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out)
}

// elsewhere copies text as another program would.
func elsewhere(t *testing.T, text string) {
	t.Helper()
	c := xclip(t, "-i")
	c.Stdin = strings.NewReader(text)
	if err := c.Run(); err != nil { // it goes on in the background
		t.Fatal(err)
	}
}

func mustCopy(t *testing.T, c *clipboard.Clipboard, text auth.Secret, clearAfter time.Duration) {
	t.Helper()
	if err := c.Copy(t.Context(), text, clearAfter); err != nil {
		t.Fatal(err)
	}
}

// until waits for what another program or a timer does.
func until(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !cond(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

func TestX11Forms(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	if c.Owned() {
		t.Error("owned before anything was copied")
	}
	mustCopy(t, c, secret, 0)
	if !c.Owned() {
		t.Error("not owned")
	}
	for _, target := range []string{"UTF8_STRING", "text/plain;charset=utf-8", "STRING"} {
		if got := paste(t, target); got != secret {
			t.Errorf("%s: %q", target, got)
		}
	}
	if got := paste(t, "x-kde-passwordManagerHint"); got != "secret" {
		t.Errorf("the hint for clipboard managers is %q", got)
	}
	if got := paste(t, "image/png"); got != "" {
		t.Errorf("as a picture it is %q", got)
	}
	got := strings.Fields(paste(t, "TARGETS"))
	want := []string{"TARGETS", "TIMESTAMP", "MULTIPLE", "UTF8_STRING", "text/plain;charset=utf-8", "x-kde-passwordManagerHint", "STRING"}
	if !slices.Equal(got, want) {
		t.Errorf("targets %q, want %q", got, want)
	}
}

func TestX11KeepsLatin1Right(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	mustCopy(t, c, "grün 🔑", 0)
	if got := paste(t, "UTF8_STRING"); got != "grün 🔑" {
		t.Errorf("pasted %q", got)
	}
	if got := paste(t, "STRING"); got != "" {
		t.Errorf("as Latin-1 it is %q", got)
	}
	if slices.Contains(strings.Fields(paste(t, "TARGETS")), "STRING") {
		t.Error("offered as Latin-1")
	}
}

func TestX11LongTexts(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	for _, n := range []int{0, 1, 64 << 10, 200 << 10} {
		text := strings.Repeat("k", n)
		mustCopy(t, c, auth.Secret(text), 0)
		if got := paste(t, "UTF8_STRING"); got != text {
			t.Errorf("%d of %d bytes pasted", len(got), n)
		}
	}
	err := c.Copy(t.Context(), auth.Secret(strings.Repeat("k", 300<<10)), 0)
	if auth.AsError(err) == nil || auth.AsError(err).Code != "too_long" {
		t.Errorf("300 KiB: %v", err)
	}
	if got := len(paste(t, "UTF8_STRING")); got != 200<<10 {
		t.Errorf("the failed copy left %d bytes", got)
	}
}

func TestX11ReplacesItsOwn(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	mustCopy(t, c, "first", time.Millisecond)
	mustCopy(t, c, "second", 0)
	time.Sleep(50 * time.Millisecond) // the time of the first is over
	if got := paste(t, "UTF8_STRING"); got != "second" || !c.Owned() {
		t.Errorf("pasted %q, owned %v", got, c.Owned())
	}
}

func TestX11Clear(t *testing.T) {
	desktop(t)
	for name, act := range map[string]func(*clipboard.Clipboard) error{
		"Clear": (*clipboard.Clipboard).Clear,
		"Close": (*clipboard.Clipboard).Close,
	} {
		c := newClipboard(t)
		if err := c.Clear(); err != nil {
			t.Errorf("%s: nothing held: %v", name, err)
		}
		mustCopy(t, c, secret, 0)
		if err := act(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := paste(t, "UTF8_STRING"); got != "" || c.Owned() {
			t.Errorf("%s: pasted %q, owned %v", name, got, c.Owned())
		}
	}
}

func TestX11ClearsInTime(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 20*time.Millisecond)
	until(t, "cleared", func() bool { return !c.Owned() })
	if got := paste(t, "UTF8_STRING"); got != "" {
		t.Errorf("pasted %q", got)
	}
}

func TestX11NoticesAnotherCopy(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	elsewhere(t, "theirs")
	until(t, "lost", func() bool { return !c.Owned() })
}

func TestX11LeavesWhatOthersCopied(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	const clearAfter = 200 * time.Millisecond
	mustCopy(t, c, secret, clearAfter)
	over := time.After(2 * clearAfter)
	elsewhere(t, "theirs")
	until(t, "lost", func() bool { return !c.Owned() })
	until(t, "theirs", func() bool { return paste(t, "UTF8_STRING") == "theirs" })
	<-over
	for name, act := range map[string]func() error{"the time": func() error { return nil }, "Clear": c.Clear, "Close": c.Close} {
		if err := act(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := paste(t, "UTF8_STRING"); got != "theirs" {
			t.Errorf("after %s %q is pasted", name, got)
		}
	}
}

func TestX11ServerEnds(t *testing.T) {
	x := desktop(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	x.Kill()
	until(t, "lost", func() bool { return !c.Owned() })
	if err := c.Clear(); err != nil {
		t.Error(err)
	}
	wantUnavailable(t, c.Copy(t.Context(), secret, 0))
}

func TestX11ServerHangs(t *testing.T) {
	x := desktop(t)
	c := newClipboard(t)
	x.Stop(t)
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	wantUnavailable(t, c.Copy(ctx, secret, 0))
	if c.Owned() {
		t.Error("owned")
	}
	until(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= before })
}

func TestNoDesktop(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	wantUnavailable(t, newClipboard(t).Copy(t.Context(), secret, 0))
}

func TestClosedTakesNothing(t *testing.T) {
	desktop(t)
	c := newClipboard(t)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	wantUnavailable(t, c.Copy(t.Context(), secret, 0))
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, clipboard.ErrUnavailable) || auth.AsError(err).Code != "no_clipboard" {
		t.Errorf("error %v", err)
	}
	if err != nil && strings.Contains(err.Error(), secret) {
		t.Errorf("the error tells the secret: %v", err)
	}
}

// fetch pastes from a display until there is something.
func fetch(t *testing.T, display string) {
	for t.Context().Err() == nil {
		c := exec.CommandContext(t.Context(), "xclip", "-selection", "clipboard", "-o")
		c.Env = append(os.Environ(), "DISPLAY="+display)
		if out, err := c.Output(); err == nil && len(out) > 0 {
			return
		}
	}
}
