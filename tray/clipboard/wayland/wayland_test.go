//go:build linux

package wayland_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/tray/clipboard/wayland"
)

const text = "a text, grün 🔑"

// desktop is the test's own.
func desktop(t *testing.T) *bed.Bed {
	t.Helper()
	b := bed.Start(t, bed.Options{Sway: true, NoBus: true})
	t.Setenv("WAYLAND_DISPLAY", b.Wayland)
	return b
}

// copyElsewhere copies as another program does.
func copyElsewhere(b *bed.Bed, text string) {
	cmd := b.Command("wl-copy", "--foreground", "--type", "text/plain;charset=utf-8")
	cmd.Stdin = strings.NewReader(text)
	b.StartCommand(cmd)
}

func own(t *testing.T, text string, secret bool) *wayland.Owner {
	t.Helper()
	o, err := wayland.Own(t.Context(), text, secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.Close)
	return o
}

func read(t *testing.T) string {
	t.Helper()
	var got bytes.Buffer
	if err := wayland.Read(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	return got.String()
}

func TestAnotherProgramPastes(t *testing.T) {
	b := desktop(t)
	if got := read(t); got != "" {
		t.Errorf("a new clipboard holds %q", got)
	}
	o := own(t, text, true)
	kinds := []string{"x-kde-passwordManagerHint", "text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "TEXT", "STRING"}
	if got := b.ClipboardTypes(); !slices.Equal(got, kinds) {
		t.Errorf("offered as %q, want %q", got, kinds)
	}
	for _, kind := range kinds[1:] {
		if got := b.ClipboardAs(kind); got != text {
			t.Errorf("as %s it is %q", kind, got)
		}
	}
	if got := b.ClipboardAs(kinds[0]); got != "secret" {
		t.Errorf("the hint for clipboard managers is %q", got)
	}
	if got := o.Given(); got != len(kinds)-1 {
		t.Errorf("given %d times", got)
	}
	if got := read(t); got != text {
		t.Errorf("read %q", got)
	}

	o.Empty()
	if got := b.ClipboardAs("text/plain"); got != "" || !o.Owned() {
		t.Errorf("emptied, it is %q; owned: %v", got, o.Owned())
	}
	o.Close()
	if got := b.ClipboardTypes(); len(got) != 0 || o.Owned() {
		t.Errorf("given up, it is offered as %q; owned: %v", got, o.Owned())
	}
}

func TestWhatIsNoSecretHasNoHint(t *testing.T) {
	b := desktop(t)
	own(t, text, false)
	if got := b.ClipboardTypes(); slices.Contains(got, "x-kde-passwordManagerHint") || !slices.Contains(got, "text/plain") {
		t.Errorf("offered as %q", got)
	}
}

func TestAnotherProgramTakesIt(t *testing.T) {
	b := desktop(t)
	o := own(t, text, true)
	copyElsewhere(b, "theirs")
	b.Wait("the loss of the selection", func() bool { return !o.Owned() })
	o.Close()
	if got := read(t); got != "theirs" {
		t.Errorf("read %q", got)
	}
	o = own(t, text, true)
	if got := b.ClipboardAs("text/plain"); got != text || !o.Owned() {
		t.Errorf("taken back, it is %q", got)
	}
}

// A pipe holds 64 KiB: beyond that somebody waits for the other.
func TestLongTexts(t *testing.T) {
	b := desktop(t)
	for _, n := range []int{0, 1, 64 << 10, 1 << 20} {
		want := strings.Repeat("k", n)
		own(t, want, true)
		if got := b.ClipboardAs("text/plain"); got != want {
			t.Errorf("%d of %d bytes pasted", len(got), n)
		}
	}
}

// slow takes what it is given a little at a time, and stops in the middle.
type slow struct{ n, most int }

var errEnough = errors.New("enough")

func (s *slow) Write(p []byte) (int, error) {
	if s.n += len(p); s.n > s.most {
		return 0, errEnough
	}
	time.Sleep(time.Millisecond)
	return len(p), nil
}

// Those that take their time, stop in the middle or never read hold nobody up,
// and nothing runs on after the end.
func TestSlowReaders(t *testing.T) {
	b := desktop(t)
	before := runtime.NumGoroutine()
	o := own(t, strings.Repeat("k", 1<<20), true)
	for range 40 { // more than are served at a time
		wayland.AskAndNeverRead(t)
	}
	if err := wayland.Read(t.Context(), &slow{most: 100 << 10}); err != nil && !errors.Is(err, errEnough) {
		t.Error(err)
	}
	if !o.Owned() {
		t.Error("no longer owned")
	}
	began := time.Now()
	o.Close()
	if took := time.Since(began); took > 10*time.Second { // a transfer may take three times that
		t.Errorf("the end took %v", took)
	}
	b.Wait("the end of all goroutines", func() bool { return runtime.NumGoroutine() <= before })
}

func TestTheCompositorDies(t *testing.T) {
	b := desktop(t)
	o := own(t, text, true)
	b.Sway.Kill()
	b.Wait("the loss of the selection", func() bool { return !o.Owned() })
	if _, err := wayland.Own(t.Context(), text, true); err == nil {
		t.Error("copied without a compositor")
	}
	if err := wayland.Read(t.Context(), &bytes.Buffer{}); err == nil {
		t.Error("read without a compositor")
	}
}

func TestTheCompositorHangs(t *testing.T) {
	b := desktop(t)
	o := own(t, text, true)
	authtest.Freeze(t, b.Sway.PID())
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := wayland.Own(ctx, text, true); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("copying: %v", err)
	}
	if err := wayland.Read(ctx, &bytes.Buffer{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("reading: %v", err)
	}
	o.Close() // waits for nobody
	if o.Owned() {
		t.Error("still owned")
	}
}
