//go:build linux || freebsd || openbsd || netbsd

package clipboard_test

import (
	"strings"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/auth"
)

// givePieces owns the clipboard and gives text piece by piece, as clipboard
// managers do with long texts (ICCCM section 2.7.2), once.
func (r *requestor) givePieces(text string, size int) {
	r.t.Helper()
	clipboard, utf8, incr := r.atom("CLIPBOARD"), r.atom("UTF8_STRING"), r.atom("INCR")
	if err := xproto.SetSelectionOwnerChecked(r.conn, r.win, clipboard, xproto.TimeCurrentTime).Check(); err != nil {
		r.t.Fatal(err)
	}
	go func() {
		var to xproto.Window
		var property xproto.Atom
		for {
			event, err := r.conn.WaitForEvent()
			switch e := event.(type) {
			case nil:
				if err == nil {
					return
				}
			case xproto.SelectionRequestEvent:
				if e.Target != utf8 {
					continue
				}
				to, property = e.Requestor, e.Property
				xproto.ChangeWindowAttributes(r.conn, to, xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange})
				length := make([]byte, 4)
				xgb.Put32(length, uint32(len(text)))
				xproto.ChangeProperty(r.conn, xproto.PropModeReplace, to, property, incr, 32, 1, length)
				n := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: to, Selection: clipboard, Target: utf8, Property: property}
				xproto.SendEvent(r.conn, false, to, xproto.EventMaskNoEvent, string(n.Bytes()))
			case xproto.PropertyNotifyEvent:
				if e.Window != to || e.Atom != property || e.State != xproto.PropertyDelete {
					continue
				}
				piece := text[:min(size, len(text))]
				text = text[len(piece):]
				xproto.ChangeProperty(r.conn, xproto.PropModeReplace, to, property, utf8, 8, uint32(len(piece)), []byte(piece))
			}
		}
	}()
}

func TestX11ClearsWhatComesInPieces(t *testing.T) {
	x := desktop(t)
	text := strings.Repeat("k", 150_000)
	for _, theirs := range []string{text, text + "2", text[1:]} {
		c := newClipboard(t)
		mustCopy(t, c, auth.Secret(text), 0)
		r := newRequestor(t, x.Display)
		r.givePieces(theirs, 40_000)
		until(t, "lost", func() bool { return !c.Owned() })
		if err := c.Clear(); err != nil {
			t.Error(err)
		}
		owner, err := xproto.GetSelectionOwner(r.conn, r.atom("CLIPBOARD")).Reply()
		if err != nil {
			t.Fatal(err)
		}
		if kept := owner.Owner == r.win; kept != (theirs != text) {
			t.Errorf("with %d bytes of %d the other program's selection stays: %v", len(theirs), len(text), kept)
		}
	}
}
