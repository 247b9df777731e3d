//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"io"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/tray/internal/xdial"
)

// read asks the selection's owner for UTF-8, whole or piece by piece (ICCCM
// sections 2.4 and 2.7.2).
func (xBoard) read(ctx context.Context, w io.Writer) error {
	conn, err := xdial.Dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return within(ctx, conn, func() error {
		r := reader{conn: conn, atom: map[string]xproto.Atom{}}
		if err := intern(conn, r.atom); err != nil {
			return err
		}
		if r.win, err = hiddenWindow(conn); err != nil {
			return err
		}
		return r.paste(w)
	})
}

// reader is a program that pastes.
type reader struct {
	conn *xdial.Conn
	win  xproto.Window
	atom map[string]xproto.Atom
}

func (r *reader) paste(w io.Writer) error {
	property := r.atom["ATOM_PAIR"] // any that is this window's alone
	xproto.ConvertSelection(r.conn.Conn, r.win, r.atom["CLIPBOARD"], r.atom["UTF8_STRING"], property, xproto.TimeCurrentTime)
	for {
		switch e := r.event().(type) {
		case nil:
			return io.ErrUnexpectedEOF
		case xproto.SelectionNotifyEvent:
			if e.Property == xproto.AtomNone {
				return nil
			}
			pieces, _, err := r.take(w, property)
			if err != nil || !pieces {
				return err
			}
			return r.rest(w, property)
		}
	}
}

// rest takes the pieces, of which the last is empty.
func (r *reader) rest(w io.Writer, property xproto.Atom) error {
	for {
		e := r.event()
		if e == nil {
			return io.ErrUnexpectedEOF
		}
		if p, ok := e.(xproto.PropertyNotifyEvent); !ok || p.Atom != property || p.State != xproto.PropertyNewValue {
			continue
		}
		if _, n, err := r.take(w, property); err != nil || n == 0 {
			return err
		}
	}
}

// take copies a property to w and removes it, which asks for the next piece.
// It reports whether the property only announces pieces, and its length.
func (r *reader) take(w io.Writer, property xproto.Atom) (pieces bool, n int, err error) {
	const part = 1 << 14 // words
	for offset := uint32(0); ; offset += part {
		got, err := xproto.GetProperty(r.conn.Conn, true, r.win, property, xproto.GetPropertyTypeAny, offset, part).Reply()
		if err != nil {
			return false, n, err
		}
		if got.Type == r.atom["INCR"] {
			return true, 0, nil
		}
		n += len(got.Value)
		if _, err := w.Write(got.Value); err != nil {
			return false, n, err
		}
		if got.BytesAfter == 0 {
			return false, n, nil
		}
	}
}

// event waits for the next event; nil is the end of the connection.
func (r *reader) event() xgb.Event {
	for {
		if e, err := r.conn.WaitForEvent(); e != nil || err == nil {
			return e
		}
	}
}
