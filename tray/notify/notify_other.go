//go:build !(linux || freebsd || openbsd || netbsd || windows || darwin)

package notify

import (
	"context"
	"runtime"
)

// Notifier is never opened on this system.
type Notifier struct{}

// Open returns an error that wraps [ErrUnavailable].
func Open(context.Context) (*Notifier, error) {
	return nil, unavailable("no_notifications", "keyfob shows no notifications on "+runtime.GOOS+" yet", "look at the tray icon", nil)
}

// Show returns an error that wraps [ErrUnavailable].
func (*Notifier) Show(ctx context.Context, _ string, _ Note) error {
	_, err := Open(ctx)
	return err
}

// Dismiss does nothing.
func (*Notifier) Dismiss(context.Context, string) error { return nil }

// Showing returns false.
func (*Notifier) Showing(string) bool { return false }

// Shown returns nothing: what is shown goes by itself.
func (*Notifier) Shown() Shown { return Shown{} }

// Withdraw does nothing.
func (*Notifier) Withdraw(context.Context, Shown) error { return nil }

// Events returns a channel on which nothing ever comes.
func (*Notifier) Events() <-chan Event { return nil }

// Close does nothing.
func (*Notifier) Close() error { return nil }
