//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/jezek/xgb/xproto"

	"keyfob/auth"
	"keyfob/tray/internal/xdial"
)

// hint is the agreement that clipboard managers heed: do not keep this.
const hint = "x-kde-passwordManagerHint"

// names are the atoms that are used here. The first six are the targets that
// are offered (ICCCM section 2.6.2); of them, those of a text can be left out.
var names = []string{
	"TARGETS", "TIMESTAMP", "MULTIPLE", "UTF8_STRING", "text/plain;charset=utf-8", hint,
	"STRING", "CLIPBOARD", "ATOM", "INTEGER", "ATOM_PAIR", "INCR",
}

// letGo is how long the X server may take to say that the selection is lost.
const letGo = time.Second

// xBoard is the clipboard of an X server.
type xBoard struct {
	// bridged is set where the X server is a guest of a Wayland desktop: there
	// a text counts as copied once the desktop has fetched it.
	bridged bool
}

// x11Owner owns the selection CLIPBOARD with a window that is never shown. It
// has a connection of its own, which ends with the ownership.
type x11Owner struct {
	conn   *xdial.Conn
	win    xproto.Window
	atom   map[string]xproto.Atom
	public bool
	since  xproto.Timestamp

	mu      sync.Mutex
	text    auth.Secret
	asked   sync.Once
	fetched chan struct{} // closed when somebody has asked for the text
	ended   chan struct{} // closed when the selection is another's
}

func (b xBoard) own(ctx context.Context, text auth.Secret, public bool, check func(context.Context) error) (owner, error) {
	conn, err := xdial.Dial(ctx)
	if err != nil {
		return nil, unavailable("the X server gives no access to the clipboard", "use `keyfob token`", errors.Join(errNoDesktop, err))
	}
	o := &x11Owner{
		conn: conn, atom: map[string]xproto.Atom{}, public: public, text: text,
		fetched: make(chan struct{}), ended: make(chan struct{}),
	}
	err = within(ctx, conn, func() error { return o.acquire(ctx, check) })
	if err != nil {
		conn.Close()
		var known *auth.Error
		if errors.As(err, &known) || errors.Is(err, errOther) {
			return nil, err
		}
		return nil, unavailable("the X server gives no access to the clipboard", "use `keyfob token`", err)
	}
	go o.serve()
	if b.bridged && len(text) > 0 {
		if err := o.wasFetched(ctx); err != nil {
			o.release()
			return nil, err
		}
	}
	return o, nil
}

// within runs f, which ends with ctx: xgb knows no deadlines.
func within(ctx context.Context, conn *xdial.Conn, f func() error) error {
	stop := context.AfterFunc(ctx, conn.Close)
	err := f()
	if !stop() {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

func (o *x11Owner) acquire(ctx context.Context, check func(context.Context) error) error {
	setup := xproto.Setup(o.conn.Conn)
	// A property is set in one request, of 256 KiB on every server in use. A
	// longer text would have to be sent piece by piece (INCR); no token is.
	if room := int(setup.MaximumRequestLength)*4 - 64; len(o.text) > room {
		return &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeTooLong,
			What: "the text is too long for the clipboard",
			Do:   "use `keyfob token`",
			Who:  auth.WhoYou,
		}
	}
	if err := intern(o.conn, o.atom); err != nil {
		return err
	}
	win, err := hiddenWindow(o.conn)
	if err != nil {
		return err
	}
	o.win = win
	if err := o.now(); err != nil {
		return err
	}
	// What is copied from here on is newer than this, and wins.
	if check != nil {
		if err := check(ctx); err != nil {
			return err
		}
	}
	return o.take()
}

// take makes the selection ours, or tells of the text's change where it is,
// unless somebody has copied since it was.
func (o *x11Owner) take() error {
	if err := xproto.SetSelectionOwnerChecked(o.conn.Conn, o.win, o.atom["CLIPBOARD"], o.since).Check(); err != nil {
		return err
	}
	owner, err := xproto.GetSelectionOwner(o.conn.Conn, o.atom["CLIPBOARD"]).Reply()
	if err != nil {
		return err
	}
	if owner.Owner != o.win {
		return errors.New("another program took the selection at the same moment")
	}
	return nil
}

func intern(conn *xdial.Conn, into map[string]xproto.Atom) error {
	for _, name := range names {
		a, err := xproto.InternAtom(conn.Conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		into[name] = a.Atom
	}
	return nil
}

// hiddenWindow is a window that is never shown, and tells of its properties.
func hiddenWindow(conn *xdial.Conn) (xproto.Window, error) {
	win, err := xproto.NewWindowId(conn.Conn)
	if err != nil {
		return 0, err
	}
	root := xproto.Setup(conn.Conn).DefaultScreen(conn.Conn).Root
	return win, xproto.CreateWindowChecked(
		conn.Conn, 0, win, root, -1, -1, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwOverrideRedirect|xproto.CwEventMask, []uint32{1, xproto.EventMaskPropertyChange},
	).Check()
}

// now asks the server for its time, which owning a selection must name
// (ICCCM section 2.1): an empty change of a property tells it.
func (o *x11Owner) now() error {
	xproto.ChangeProperty(o.conn.Conn, xproto.PropModeAppend, o.win, o.atom["INTEGER"], o.atom["INTEGER"], 32, 0, nil)
	for {
		event, err := o.conn.WaitForEvent()
		switch {
		case err != nil:
			return err
		case event == nil:
			return io.ErrUnexpectedEOF
		}
		if e, ok := event.(xproto.PropertyNotifyEvent); ok {
			o.since = e.Time
			return nil
		}
	}
}

// serve answers who pastes, until the selection is another's or the
// connection ends. Errors are of requestors that are gone.
func (o *x11Owner) serve() {
	defer func() {
		o.conn.Close()
		o.change("")
		close(o.ended)
	}()
	for {
		event, err := o.conn.WaitForEvent()
		switch e := event.(type) {
		case nil:
			if err == nil {
				return
			}
		case xproto.SelectionRequestEvent:
			o.answer(e)
		case xproto.SelectionClearEvent:
			// The answers before are the server's once it has answered this.
			_, _ = xproto.GetInputFocus(o.conn.Conn).Reply()
			return
		}
	}
}

func (o *x11Owner) change(text auth.Secret) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = text
}

func (o *x11Owner) current() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Reveal()
}

func (o *x11Owner) owned() bool { return !closed(o.ended) }

func (o *x11Owner) given() bool { return closed(o.fetched) }

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// empty takes the selection once more, for managers to look again. It names
// the time since when it was ours, so that it has no effect on whoever took it
// meanwhile.
func (o *x11Owner) empty(ctx context.Context) (owner, error) {
	if o.current() == "" {
		return o, nil
	}
	o.change("")
	err := within(ctx, o.conn, o.take)
	if ctx.Err() != nil {
		return nil, unavailable("the X server does not give the clipboard up", "copy something else", ctx.Err())
	}
	if err != nil { // then it is another's, or the server is gone
		o.release()
	}
	return o, nil
}

func (o *x11Owner) taken(ctx context.Context) {
	select {
	case <-o.fetched:
		// The answer is the server's once it has answered this.
		_ = within(ctx, o.conn, func() error {
			_, err := xproto.GetInputFocus(o.conn.Conn).Reply()
			return err
		})
	case <-o.ended:
	case <-ctx.Done():
	}
}

// wasFetched waits for the desktop to take the text from its X server.
func (o *x11Owner) wasFetched(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, patience/2)
	defer cancel()
	select {
	case <-o.fetched:
		return nil
	case <-o.ended:
		return unavailable("another program took the clipboard at the same moment", "try again", nil)
	case <-within.Done():
		return unavailable("this desktop does not take the text over from its X server", "use `keyfob token`", nil)
	}
}

// release gives the selection up and ends the connection. Whoever asked for the
// text before is answered first: programs wait for that without end, and X tells
// the owner of such questions before it tells that the selection is lost.
func (o *x11Owner) release() {
	lost := time.NewTimer(letGo)
	defer lost.Stop()
	// Where it is another's by now, the time makes this do nothing.
	xproto.SetSelectionOwner(o.conn.Conn, xproto.WindowNone, o.atom["CLIPBOARD"], o.since)
	select {
	case <-o.ended:
	case <-lost.C:
	}
	o.conn.Close()
	<-o.ended
}
