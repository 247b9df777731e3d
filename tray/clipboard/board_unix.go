//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"errors"
	"io"
	"os"

	"keyfob/auth"
	"keyfob/tray/clipboard/wayland"
)

// board is one way to the desktop's clipboard.
type board interface {
	// own puts a text there, and returns once the desktop has taken it. check,
	// if it is not nil, is asked just before, and its error ends it. Where there
	// is no desktop the error is [errNoDesktop].
	own(ctx context.Context, text auth.Secret, public bool, check func(context.Context) error) (owner, error)
	// read copies the text that is there to w, as another program pastes it.
	read(ctx context.Context, w io.Writer) error
}

// errNoDesktop is the cause of errors where nobody listens: with the desktop,
// its clipboard is gone.
var errNoDesktop = errors.New("the desktop cannot be reached")

// owner is a text on the clipboard that this process, or a child, serves.
type owner interface {
	owned() bool
	// empty makes the text an empty one, of which it returns the owner.
	empty(context.Context) (owner, error)
	// given reports whether another program may have got the text.
	given() bool
	// taken waits, until ctx ends, for another program to take the text.
	taken(ctx context.Context)
	// release gives the clipboard up, if it is still owned.
	release()
}

// put finds the way to this desktop's clipboard.
//
// A Wayland desktop's own clipboard is reached by data control. Xwayland has
// another one, of which the desktop takes notice only while an X window is
// active, so it is used only where there is no data control, and only if the
// desktop was seen to fetch the text from there.
func put(ctx context.Context, text auth.Secret, public bool) (holder, error) {
	var last error
	for _, b := range boards(ctx) {
		h, err := place(ctx, b, text, public)
		if err == nil {
			return h, nil
		}
		if last = err; !errors.Is(err, ErrUnavailable) {
			break
		}
	}
	if last != nil {
		return nil, last
	}
	return nil, unavailable("there is no desktop with a clipboard", "use `keyfob token`", nil)
}

// boards are the ways to try, in this order.
func boards(ctx context.Context) []board {
	x11 := os.Getenv("DISPLAY") != ""
	if !onWayland(ctx, x11) {
		if x11 {
			return []board{xBoard{}}
		}
		return nil
	}
	err := wayland.Offered(ctx)
	switch {
	case x11 && err != nil && os.Getenv("WAYLAND_DISPLAY") == "":
		return []board{xBoard{bridged: true}}
	case !errors.Is(err, wayland.ErrNoDataControl):
		return []board{dataControl{}}
	case x11:
		return []board{xBoard{bridged: true}, wlCopy{}}
	}
	return []board{wlCopy{}}
}

// onWayland reports whether the desktop is a Wayland compositor, also where
// the environment tells of its X server alone.
func onWayland(ctx context.Context, x11 bool) bool {
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		return true
	}
	return x11 && isXwayland(ctx)
}
