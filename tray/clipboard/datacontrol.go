//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"errors"
	"io"
	"time"

	"keyfob/auth"
	"keyfob/tray/clipboard/wayland"
)

// dataControl is the clipboard of a Wayland desktop that gives it to programs
// without a window.
type dataControl struct{}

// own reads back what it has put there, by another connection.
func (b dataControl) own(ctx context.Context, text auth.Secret, public bool, check func(context.Context) error) (owner, error) {
	if check != nil {
		if err := check(ctx); err != nil {
			return nil, err
		}
	}
	o, err := wayland.Own(ctx, text.Reveal(), !public)
	switch {
	case errors.Is(err, wayland.ErrNoSeat):
		return nil, unavailable("this session has no keyboard or mouse, and so no clipboard", "use `keyfob token`", err)
	case err != nil:
		return nil, unavailable("the desktop gives no access to the clipboard", "try again, or use `keyfob token`", err)
	case len(text) == 0:
		return controlled{o}, nil
	}
	if err := recall(b, text).there(ctx); err != nil {
		o.Close()
		return nil, unavailable("the desktop did not put the text on the clipboard", "try again, or use `keyfob token`", err)
	}
	return controlled{o}, nil
}

func (dataControl) read(ctx context.Context, w io.Writer) error { return wayland.Read(ctx, w) }

// controlled is an owner by data control.
type controlled struct{ *wayland.Owner }

func (c controlled) owned() bool { return c.Owned() }

func (c controlled) empty(context.Context) (owner, error) {
	c.Empty()
	return c, nil
}

// given leaves its own reading back out.
func (c controlled) given() bool { return c.Given() > 1 }

func (c controlled) taken(ctx context.Context) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for c.Owned() && !c.given() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (c controlled) release() { c.Close() }
