//go:build linux || freebsd || openbsd || netbsd

package notify_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"keyfob/tray/internal/bustest"
	"keyfob/tray/notify"
)

// renew is a note without a word of what a click on it does.
var renew = notify.Note{Title: "x", Actions: []notify.Action{{ID: "login", Label: "Sign in"}, {ID: "later", Label: "Later"}}}

// TestAClickOnTheNoteItself does the main thing, since some servers draw no
// buttons. It has no label, since others draw a button for each label.
func TestAClickOnTheNoteItself(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus, "actions")
	n := open(t, bus)
	show(t, n, "plant4", renew)
	got := s.shown()
	if want := []string{"default", "", "login", "Sign in", "later", "Later"}; !slices.Equal(got.Actions, want) {
		t.Errorf("offered %q, want %q", got.Actions, want)
	}
	s.emit("ActionInvoked", got.ID, "default")
	if got, want := next(t, n), (notify.Event{Key: "plant4", Action: "login"}); got != want {
		t.Errorf("told %+v, want %+v", got, want)
	}
}

// wantClosed wants just these to be taken off the screen.
func (s *server) wantClosed(want ...uint32) {
	s.t.Helper()
	var got []uint32
	for range want {
		select {
		case id := <-s.closed:
			got = append(got, id)
		case <-time.After(20 * time.Second):
			s.t.Fatalf("%d are closed, want %d", got, want)
		}
	}
	ping(s.t, s.conn)
	slices.Sort(got)
	if len(s.closed) > 0 || !slices.Equal(got, want) {
		s.t.Errorf("closed %d and %d more, want %d", got, len(s.closed), want)
	}
}

func withdraw(t *testing.T, n *notify.Notifier, shown notify.Shown) {
	t.Helper()
	if err := n.Withdraw(t.Context(), shown); err != nil {
		t.Error(err)
	}
}

// TestWhatACrashLeaves is taken away by the next program, and nothing else is.
func TestWhatACrashLeaves(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus, "actions")
	first := open(t, bus)
	var ids []uint32
	for _, key := range []string{"a", "b", "c", "d"} {
		show(t, first, key, renew)
		ids = append(ids, s.shown().ID)
	}
	if err := first.Dismiss(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	s.wantClosed(ids[1])
	s.emit("NotificationClosed", ids[2], uint32(2)) // by a person
	for first.Showing("c") {
		time.Sleep(time.Millisecond)
	}
	shown := first.Shown()
	if want := []uint32{ids[0], ids[3]}; !slices.Equal(shown.IDs, want) || shown.Bus == "" || shown.Server != s.conn.Names()[0] {
		t.Fatalf("left %+v, want %d", shown, want)
	}

	second := open(t, bus)
	show(t, second, "a", renew)
	mine := s.shown().ID
	for _, other := range []notify.Shown{
		{},
		{Bus: shown.Bus, Server: shown.Server},
		{Bus: "another", Server: shown.Server, IDs: shown.IDs},
		{Bus: shown.Bus, Server: ":1.999", IDs: shown.IDs},
	} {
		withdraw(t, second, other)
	}
	withdraw(t, second, shown)
	s.wantClosed(ids[0], ids[3])
	withdraw(t, second, second.Shown())
	s.wantClosed(mine)
}

// TestAnotherServerKeepsItsOwn restarts the server, which counts anew.
func TestAnotherServerKeepsItsOwn(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus)
	n := open(t, bus)
	show(t, n, "a", renew)
	shown := n.Shown()
	_ = s.conn.Close()
	again := startServer(t, bus)
	withdraw(t, n, shown)
	again.wantClosed()
}

// TestNobodyWaitsForAServerThatHangs ends beside one.
func TestNobodyWaitsForAServerThatHangs(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus, "actions")
	n := open(t, bus)
	show(t, n, "a", renew)
	id := s.shown().ID
	goOn := s.stall()
	hung := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { hung <- n.Show(ctx, "b", renew) }()
	for len(s.waits) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	<-hung
	withdraw(t, n, n.Shown())
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	goOn()
	s.wantClosed(id)
}
