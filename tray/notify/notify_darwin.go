package notify

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// patience bounds how long a notification may take.
const patience = 5 * time.Second

// Absolute, so that no other program of that name is run.
const osascript = "/usr/bin/osascript"

// Notifier shows notifications by the system's own scripting, which is all
// that a program without a signature can do: they come under the name of
// Script Editor and have no buttons, and none can be taken away or replaced.
type Notifier struct{}

// Open never fails.
func Open(context.Context) (*Notifier, error) { return &Notifier{}, nil }

// Show puts note on the screen. The error wraps [ErrUnavailable] when nothing
// can be shown.
func (*Notifier) Show(ctx context.Context, _ string, note Note) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, osascript, arguments(note)...)
	cmd.Stdin = strings.NewReader(script)
	if err := cmd.Run(); err != nil {
		return unavailable("no_notifications", "macOS shows no notification", "look at the icon in the menu bar or at `keyfob status`", err)
	}
	return nil
}

// Dismiss does nothing: there is no way to.
func (*Notifier) Dismiss(context.Context, string) error { return nil }

// Showing returns false: nobody tells.
func (*Notifier) Showing(string) bool { return false }

// Shown returns nothing: what is shown goes by itself.
func (*Notifier) Shown() Shown { return Shown{} }

// Withdraw does nothing.
func (*Notifier) Withdraw(context.Context, Shown) error { return nil }

// Events returns a channel on which nothing ever comes.
func (*Notifier) Events() <-chan Event { return nil }

// Close does nothing.
func (*Notifier) Close() error { return nil }
