//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/tray/internal/xtest"
)

// TestX11AnswersBeforeItLetsGo asks for a text that is given up before its owner
// comes to read the question: who pastes waits for an answer without end.
func TestX11AnswersBeforeItLetsGo(t *testing.T) {
	x := xtest.Start(t)
	t.Setenv("DISPLAY", x.Display)
	got, err := xBoard{}.own(t.Context(), "secret", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := got.(*x11Owner)

	conn, err := xgb.NewConnDisplay(x.Display)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	win, err := xproto.NewWindowId(conn)
	if err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	if err := xproto.CreateWindowChecked(conn, 0, win, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil).Check(); err != nil {
		t.Fatal(err)
	}

	o.mu.Lock() // whoever answers is held up
	clipboard, text := o.atom["CLIPBOARD"], o.atom["UTF8_STRING"]
	if err := xproto.ConvertSelectionChecked(conn, win, clipboard, text, text, xproto.TimeCurrentTime).Check(); err != nil {
		t.Fatal(err)
	}
	released := make(chan struct{})
	go func() { o.release(); close(released) }()
	for {
		now, err := xproto.GetSelectionOwner(conn, clipboard).Reply()
		if err != nil {
			t.Fatal(err)
		}
		if now.Owner == xproto.WindowNone {
			break
		}
	}
	o.mu.Unlock()
	<-released

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	defer context.AfterFunc(ctx, conn.Close)()
	event, err := conn.WaitForEvent()
	if e, ok := event.(xproto.SelectionNotifyEvent); !ok || e.Requestor != win {
		t.Errorf("who pasted got %v, %v", event, err)
	}
}
