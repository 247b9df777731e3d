//go:build linux || freebsd || openbsd || netbsd

package clipboard_test

import (
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// requestor is a program that pastes, for what xclip cannot ask.
type requestor struct {
	t    *testing.T
	conn *xgb.Conn
	win  xproto.Window
}

func newRequestor(t *testing.T, display string) *requestor {
	t.Helper()
	conn, err := xgb.NewConnDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	win, err := xproto.NewWindowId(conn)
	if err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	if err := xproto.CreateWindowChecked(conn, 0, win, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil).Check(); err != nil {
		t.Fatal(err)
	}
	return &requestor{t, conn, win}
}

func (r *requestor) atom(name string) xproto.Atom {
	r.t.Helper()
	a, err := xproto.InternAtom(r.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		r.t.Fatal(err)
	}
	return a.Atom
}

// convert asks for target in property and returns the property that the owner
// answers with.
func (r *requestor) convert(target, property xproto.Atom) xproto.Atom {
	r.t.Helper()
	xproto.ConvertSelection(r.conn, r.win, r.atom("CLIPBOARD"), target, property, 0)
	answer := make(chan xproto.Atom, 1)
	go func() {
		for {
			event, err := r.conn.WaitForEvent()
			if e, ok := event.(xproto.SelectionNotifyEvent); ok {
				answer <- e.Property
			}
			if event != nil || err == nil {
				return
			}
		}
	}()
	select {
	case p := <-answer:
		return p
	case <-time.After(20 * time.Second):
		r.t.Fatal("the owner does not answer")
		return 0
	}
}

func (r *requestor) get(property xproto.Atom) []byte {
	r.t.Helper()
	p, err := xproto.GetProperty(r.conn, false, r.win, property, 0, 0, 1<<16).Reply()
	if err != nil {
		r.t.Fatal(err)
	}
	return p.Value
}

func TestX11Multiple(t *testing.T) {
	x := desktop(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	r := newRequestor(t, x.Display)
	list, one, two, three := r.atom("LIST"), r.atom("ONE"), r.atom("TWO"), r.atom("THREE")
	pairs := []xproto.Atom{r.atom("UTF8_STRING"), one, r.atom("image/png"), two, r.atom("TIMESTAMP"), three}
	data := make([]byte, 4*len(pairs))
	for i, a := range pairs {
		xgb.Put32(data[4*i:], uint32(a))
	}
	xproto.ChangeProperty(r.conn, xproto.PropModeReplace, r.win, list, r.atom("ATOM_PAIR"), 32, uint32(len(pairs)), data)
	if got := r.convert(r.atom("MULTIPLE"), list); got != list {
		t.Fatalf("answered with property %d, want %d", got, list)
	}
	if got := string(r.get(one)); got != secret {
		t.Errorf("pasted %q", got)
	}
	answer := r.get(list)
	for i, want := range []xproto.Atom{pairs[0], one, pairs[2], 0, pairs[4], three} {
		if got := xproto.Atom(xgb.Get32(answer[4*i:])); got != want {
			t.Errorf("place %d of the list is %d, want %d", i, got, want)
		}
	}
	if got := r.get(three); len(got) != 4 || xgb.Get32(got) == 0 {
		t.Errorf("owned since %v", got)
	}
}

// A list that is not there, and one that never ends, are refused.
func TestX11MultipleWithoutAList(t *testing.T) {
	x := desktop(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	r := newRequestor(t, x.Display)
	list := r.atom("LIST")
	if got := r.convert(r.atom("MULTIPLE"), list); got != 0 {
		t.Errorf("answered with property %d", got)
	}
	const words = 1000
	xproto.ChangeProperty(r.conn, xproto.PropModeReplace, r.win, list, r.atom("ATOM_PAIR"), 32, words, make([]byte, 4*words))
	if got := r.convert(r.atom("MULTIPLE"), list); got != 0 {
		t.Errorf("answered with property %d", got)
	}
	if got := paste(t, "UTF8_STRING"); got != secret {
		t.Errorf("afterwards %q is pasted", got)
	}
}

// A requestor that is gone before the answer leaves the owner as it was.
func TestX11RequestorEnds(t *testing.T) {
	x := desktop(t)
	c := newClipboard(t)
	mustCopy(t, c, secret, 0)
	for range 20 {
		r := newRequestor(t, x.Display)
		xproto.ConvertSelection(r.conn, r.win, r.atom("CLIPBOARD"), r.atom("UTF8_STRING"), r.atom("X"), 0)
		r.conn.Close()
	}
	if got := paste(t, "UTF8_STRING"); got != secret || !c.Owned() {
		t.Errorf("pasted %q, owned %v", got, c.Owned())
	}
}
