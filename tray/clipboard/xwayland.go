//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"bytes"
	"context"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/tray/internal/xdial"
)

// isXwayland reports whether the X server is the guest of a Wayland desktop:
// it has an extension that says so, or in versions before 23 outputs of that
// name.
func isXwayland(ctx context.Context) (is bool) {
	conn, err := xdial.Dial(ctx)
	if err != nil {
		return false
	}
	defer conn.Close()
	err = within(ctx, conn, func() error {
		const name = "XWAYLAND"
		own, err := xproto.QueryExtension(conn.Conn, uint16(len(name)), name).Reply()
		if err == nil {
			is = own.Present || hasXwaylandOutput(conn)
		}
		return err
	})
	return err == nil && is
}

// Requests of the extension RANDR (version 1.3, randrproto.txt). They are made
// here by hand: xgb's own package for it changes a table that other
// connections read.
const (
	randrQueryVersion = 0
	randrOutputInfo   = 9
	randrResources    = 25
)

func hasXwaylandOutput(conn *xdial.Conn) bool {
	const name = "RANDR"
	randr, err := xproto.QueryExtension(conn.Conn, uint16(len(name)), name).Reply()
	if err != nil || !randr.Present {
		return false
	}
	ask := func(request byte, args ...uint32) []byte {
		buf := make([]byte, 4+4*len(args))
		buf[0], buf[1] = randr.MajorOpcode, request
		xgb.Put16(buf[2:], uint16(len(buf)/4))
		for i, a := range args {
			xgb.Put32(buf[4+4*i:], a)
		}
		cookie := conn.NewCookie(true, true)
		conn.NewRequest(buf, cookie)
		reply, err := cookie.Reply()
		if err != nil {
			return nil
		}
		return reply
	}
	if ask(randrQueryVersion, 1, 3) == nil {
		return false
	}
	all := ask(randrResources, uint32(xproto.Setup(conn.Conn).DefaultScreen(conn.Conn).Root))
	if len(all) < 32 {
		return false
	}
	crtcs, outputs := int(xgb.Get16(all[16:])), int(xgb.Get16(all[18:]))
	for i := range outputs {
		at := 32 + 4*(crtcs+i)
		if at+4 > len(all) {
			return false
		}
		// The name is at the end, and nothing before it can look like it.
		if info := ask(randrOutputInfo, xgb.Get32(all[at:]), xgb.Get32(all[12:])); bytes.Contains(info, []byte("XWAYLAND")) {
			return true
		}
	}
	return false
}
