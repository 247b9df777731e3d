//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"os"

	"keyfob/auth"
)

// put uses wl-copy on Wayland where it is new enough to be trusted with a
// secret, and X11 otherwise, which Wayland desktops offer too.
func put(ctx context.Context, text auth.Secret) (holder, error) {
	wayland, x11 := os.Getenv("WAYLAND_DISPLAY") != "", os.Getenv("DISPLAY") != ""
	if wayland {
		if program, ok := wlCopy(ctx); ok {
			h, err := putWayland(ctx, program, text)
			if err == nil || !x11 {
				return h, err
			}
		}
	}
	if x11 {
		return putX11(ctx, text)
	}
	if wayland {
		return nil, unavailable("this Wayland desktop needs wl-copy 2.3 or newer for secrets", "install wl-clipboard 2.3 or newer, or use `keyfob token`", nil)
	}
	return nil, unavailable("there is no desktop with a clipboard", "use `keyfob token`", nil)
}
