//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/auth"
)

// quiet keeps xgb from writing to stderr, where it tells of every connection
// that ends.
var quiet = sync.OnceFunc(func() { xgb.Logger.SetOutput(io.Discard) })

// names are the atoms that are used here. The first six are the targets that
// are offered (ICCCM section 2.6.2); of them, those of a text can be left out.
var names = []string{
	"TARGETS", "TIMESTAMP", "MULTIPLE", "UTF8_STRING", "text/plain;charset=utf-8", "x-kde-passwordManagerHint",
	"STRING", "CLIPBOARD", "ATOM", "INTEGER", "ATOM_PAIR",
}

// x11Holder owns the selection CLIPBOARD with a window that is never shown. It
// has a connection of its own, which ends with the ownership.
type x11Holder struct {
	conn  *xgb.Conn
	win   xproto.Window
	atom  map[string]xproto.Atom
	text  auth.Secret
	since xproto.Timestamp
	ended chan struct{} // closed when the selection is another's
}

// putX11 returns once the X server says that the selection is ours.
func putX11(ctx context.Context, text auth.Secret) (holder, error) {
	type result struct {
		h   *x11Holder
		err error
	}
	done := make(chan result, 1)
	go func() {
		h, err := own(text)
		done <- result{h, err}
	}()
	var r result
	select {
	case r = <-done:
	case <-ctx.Done(): // xgb knows no deadlines
		r.err = ctx.Err()
		go func() {
			if late := <-done; late.err == nil {
				late.h.drop()
			}
		}()
	}
	var known *auth.Error
	switch {
	case r.err == nil:
		return r.h, nil
	case errors.As(r.err, &known):
		return nil, known
	}
	return nil, unavailable("the X server gives no access to the clipboard", "use `keyfob token`", r.err)
}

func own(text auth.Secret) (*x11Holder, error) {
	quiet()
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, err
	}
	h := &x11Holder{conn: conn, atom: map[string]xproto.Atom{}, text: text, ended: make(chan struct{})}
	if err := h.acquire(); err != nil {
		conn.Close()
		return nil, err
	}
	go h.serve()
	return h, nil
}

func (h *x11Holder) acquire() error {
	setup := xproto.Setup(h.conn)
	// A property is set in one request, of 256 KiB on every server in use. A
	// longer text would have to be sent piece by piece (INCR); no token is.
	if room := int(setup.MaximumRequestLength)*4 - 64; len(h.text) > room {
		return &auth.Error{Kind: auth.KindFailed, Code: "too_long", What: "the text is too long for the clipboard", Do: "use `keyfob token`", Who: auth.WhoYou}
	}
	for _, name := range names {
		a, err := xproto.InternAtom(h.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		h.atom[name] = a.Atom
	}
	win, err := xproto.NewWindowId(h.conn)
	if err != nil {
		return err
	}
	h.win = win
	root := setup.DefaultScreen(h.conn).Root
	err = xproto.CreateWindowChecked(
		h.conn, 0, win, root, -1, -1, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwOverrideRedirect|xproto.CwEventMask, []uint32{1, xproto.EventMaskPropertyChange},
	).Check()
	if err != nil {
		return err
	}
	if err := h.now(); err != nil {
		return err
	}
	if err := xproto.SetSelectionOwnerChecked(h.conn, win, h.atom["CLIPBOARD"], h.since).Check(); err != nil {
		return err
	}
	owner, err := xproto.GetSelectionOwner(h.conn, h.atom["CLIPBOARD"]).Reply()
	if err != nil {
		return err
	}
	if owner.Owner != win {
		return errors.New("another program took the selection at the same moment")
	}
	return nil
}

// now asks the server for its time, which owning a selection must name
// (ICCCM section 2.1): an empty change of a property tells it.
func (h *x11Holder) now() error {
	xproto.ChangeProperty(h.conn, xproto.PropModeAppend, h.win, h.atom["INTEGER"], h.atom["INTEGER"], 32, 0, nil)
	for {
		event, err := h.conn.WaitForEvent()
		switch {
		case err != nil:
			return err
		case event == nil:
			return io.ErrUnexpectedEOF
		}
		if e, ok := event.(xproto.PropertyNotifyEvent); ok {
			h.since = e.Time
			return nil
		}
	}
}

// serve answers who pastes, until the selection is another's or the
// connection ends. Errors are of requestors that are gone.
func (h *x11Holder) serve() {
	defer func() {
		h.conn.Close()
		h.text = ""
		close(h.ended)
	}()
	for {
		event, err := h.conn.WaitForEvent()
		switch e := event.(type) {
		case nil:
			if err == nil {
				return
			}
		case xproto.SelectionRequestEvent:
			h.answer(e)
		case xproto.SelectionClearEvent:
			return
		}
	}
}

func (h *x11Holder) owned() bool {
	select {
	case <-h.ended:
		return false
	default:
		return true
	}
}

// clear waits until the selection has no owner. It names the time since when
// it was ours, so that it has no effect on whoever took it meanwhile.
func (h *x11Holder) clear(ctx context.Context) error {
	if !h.owned() {
		return nil
	}
	cleared := make(chan error, 1)
	go func() {
		cleared <- xproto.SetSelectionOwnerChecked(h.conn, 0, h.atom["CLIPBOARD"], h.since).Check()
		h.conn.Close()
	}()
	select {
	case <-cleared:
	case <-ctx.Done():
		return unavailable("the X server does not give the clipboard up", "copy something else", ctx.Err())
	}
	select {
	case <-h.ended:
	case <-ctx.Done():
	}
	return nil
}

func (h *x11Holder) drop() { h.conn.Close() }
