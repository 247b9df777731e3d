//go:build linux || freebsd || openbsd || netbsd

package notify_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/tray/internal/bustest"
	"keyfob/tray/notify"
)

var ended = notify.Note{
	Title:   "Your ThingWorx session has ended",
	Body:    "Sign in again to go on.",
	Actions: []notify.Action{{ID: "default", Label: "Show"}, {ID: "login", Label: "Sign in"}},
	Urgent:  true,
}

func TestShow(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus, "body", "actions")
	n := open(t, bus)
	show(t, n, "plant4", ended)
	got := s.shown()
	if got.Title != ended.Title || got.Body != ended.Body || got.App != "Keyfob" || got.Icon != "keyfob" || got.Entry != "keyfob" {
		t.Errorf("shown %+v", got)
	}
	if got.Urgency != 2 || got.Expire != 0 || got.Replaces != 0 {
		t.Errorf("urgency %d, expires %d, replaces %d", got.Urgency, got.Expire, got.Replaces)
	}
	if want := []string{"default", "Show", "login", "Sign in"}; !same(got.Actions, want) {
		t.Errorf("buttons %q, want %q", got.Actions, want)
	}

	show(t, n, "other", notify.Note{Title: "x"})
	if got := s.shown(); got.Urgency != 1 || got.Expire != -1 || got.Replaces != 0 {
		t.Errorf("a calm note: urgency %d, expires %d, replaces %d", got.Urgency, got.Expire, got.Replaces)
	}
	show(t, n, "plant4", ended)
	if again := s.shown(); again.Replaces != got.ID {
		t.Errorf("replaces %d, want %d", again.Replaces, got.ID)
	}
}

func TestShowTextIsLiteral(t *testing.T) {
	hostile := notify.Note{
		Title:   "a <b>\nb\x1b[0m\u202e c",
		Body:    "<img src=\"http://x\"/> & more\nnext\x00line $(calc)",
		Actions: []notify.Action{{ID: "x", Label: "a\nb"}},
	}
	for _, tt := range []struct {
		can  []string
		body string
	}{
		{[]string{"body", "body-markup", "actions"}, "&lt;img src=\"http://x\"/&gt; &amp; more\nnext line $(calc)"},
		{[]string{"body", "actions"}, "<img src=\"http://x\"/> & more\nnext line $(calc)"},
	} {
		bus := bustest.Start(t)
		s := startServer(t, bus, tt.can...)
		show(t, open(t, bus), "k", hostile)
		got := s.shown()
		if want := "a <b> b [0m c"; got.Title != want {
			t.Errorf("title %q, want %q", got.Title, want)
		}
		if got.Body != tt.body {
			t.Errorf("%v: body %q, want %q", tt.can, got.Body, tt.body)
		}
		if want := []string{"default", "", "x", "a b"}; !same(got.Actions, want) {
			t.Errorf("buttons %q, want %q", got.Actions, want)
		}
	}
}

func TestShowCutsLongTexts(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus, "body")
	show(t, open(t, bus), "k", notify.Note{Title: strings.Repeat("ä", 5000), Body: strings.Repeat("ö", 5000)})
	if got := s.shown(); len([]rune(got.Title)) != 200 || len([]rune(got.Body)) != 2000 {
		t.Errorf("%d and %d characters", len([]rune(got.Title)), len([]rune(got.Body)))
	}
}

func TestShowWithoutButtons(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus, "body")
	show(t, open(t, bus), "plant4", ended)
	if got := s.shown(); len(got.Actions) != 0 {
		t.Errorf("buttons %q on a server that has none", got.Actions)
	}
}

func TestButtons(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus, "actions")
	n := open(t, bus)
	show(t, n, "plant4", ended)
	first := s.shown()
	show(t, n, "plant5", ended)
	second := s.shown()

	stranger := bus.Connect(t)
	if err := stranger.Emit(path, name+".ActionInvoked", first.ID, "login"); err != nil {
		t.Fatal(err)
	}
	s.emit("ActionInvoked", uint32(4711), "login")     // another program's
	s.emit("ActivationToken", first.ID, "token")       // not for us
	s.emit("ActionInvoked", "not", "numbers")          // nonsense
	s.emit("NotificationClosed", uint32(4711), "x")    // nonsense
	s.emit("ActionInvoked", second.ID, "login")        //
	s.emit("NotificationClosed", second.ID, uint32(2)) //
	s.emit("ActionInvoked", first.ID, "default")       //
	if got, want := next(t, n), (notify.Event{Key: "plant5", Action: "login"}); got != want {
		t.Errorf("told %+v, want %+v", got, want)
	}
	if got, want := next(t, n), (notify.Event{Key: "plant4", Action: "default"}); got != want {
		t.Errorf("told %+v, want %+v", got, want)
	}
	show(t, n, "plant5", ended)
	if got := s.shown(); got.Replaces != 0 {
		t.Errorf("replaces %d, which was closed", got.Replaces)
	}
}

// Another program on the bus can address a signal to us alone, past the rule
// that only the server's are wanted.
func TestButtonsOfAStrangerAreIgnored(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus, "actions")
	n := open(t, bus)
	show(t, n, "plant4", ended)
	id := s.shown().ID
	stranger := bus.Connect(t)
	for _, who := range peers(t, stranger) {
		send(t, stranger, who, id, "login")
	}
	ping(t, stranger)
	s.emit("ActionInvoked", id, "default")
	if got := next(t, n); got.Action != "default" {
		t.Errorf("told %+v of a stranger", got)
	}
}

// Who presses fast is told, though the number was not known yet.
func TestButtonBeforeTheAnswer(t *testing.T) {
	bus := bustest.Start(t)
	s := newServer(t, bus, "actions")
	s.press = "login"
	s.own()
	n := open(t, bus)
	for range 20 {
		show(t, n, "plant4", ended)
		s.shown()
		if got, want := next(t, n), (notify.Event{Key: "plant4", Action: "login"}); got != want {
			t.Fatalf("told %+v, want %+v", got, want)
		}
	}
}

func TestDismiss(t *testing.T) {
	bus := bustest.Start(t)
	s := startServer(t, bus)
	n := open(t, bus)
	if err := n.Dismiss(t.Context(), "plant4"); err != nil {
		t.Errorf("nothing shown yet: %v", err)
	}
	show(t, n, "plant4", ended)
	want := s.shown().ID
	for range 2 {
		if err := n.Dismiss(t.Context(), "plant4"); err != nil {
			t.Error(err)
		}
	}
	if got := <-s.closed; got != want {
		t.Errorf("closed %d, want %d", got, want)
	}
	select {
	case got := <-s.closed:
		t.Errorf("closed %d again", got)
	default:
	}
}

func wantUnavailable(t *testing.T, err error, code string) {
	t.Helper()
	if !errors.Is(err, notify.ErrUnavailable) || auth.AsError(err).Code != code {
		t.Errorf("error %v (%q), want %q", err, auth.AsError(err).Code, code)
	}
}

func TestNoBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	_, err := notify.Open(t.Context())
	wantUnavailable(t, err, "no_notifications")
}

func TestBusThatHangs(t *testing.T) {
	bus := bustest.Start(t)
	bus.Stop(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus.Address)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := notify.Open(ctx)
	wantUnavailable(t, err, "no_notifications")
}

func TestNoServer(t *testing.T) {
	bus := bustest.Start(t)
	n := open(t, bus)
	wantUnavailable(t, n.Show(t.Context(), "plant4", ended), "no_notifications")
	s := startServer(t, bus)
	show(t, n, "plant4", ended)
	s.shown()
}

func TestServerThatHangs(t *testing.T) {
	bus := bustest.Start(t)
	s := newServer(t, bus)
	goOn := s.stall()
	s.own()
	n := open(t, bus)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	wantUnavailable(t, n.Show(ctx, "plant4", ended), "notify_timeout")
	wantUnavailable(t, n.Show(ctx, "plant5", ended), "notify_timeout")
	goOn()
	show(t, n, "plant4", ended)
}

func TestServerRestarts(t *testing.T) {
	bus := bustest.Start(t)
	n := open(t, bus)
	for range 10 {
		s := startServer(t, bus, "actions")
		show(t, n, "plant4", ended)
		got := s.shown()
		if got.Replaces != 0 {
			t.Errorf("replaces %d of another server", got.Replaces)
		}
		s.emit("ActionInvoked", got.ID, "login")
		if got := next(t, n); got.Action != "login" {
			t.Errorf("told %+v", got)
		}
		_ = s.conn.Close()
	}
	if err := n.Dismiss(t.Context(), "plant4"); err != nil {
		t.Errorf("dismissing at a server that is gone: %v", err)
	}
}

func TestBusRestarts(t *testing.T) {
	bus := bustest.Start(t)
	n := open(t, bus)
	s := startServer(t, bus)
	show(t, n, "plant4", ended)
	s.shown()
	bus.Kill()
	for n.Show(t.Context(), "plant4", ended) == nil {
	}
	second := bustest.Start(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", second.Address)
	s = startServer(t, second)
	show(t, n, "plant4", ended)
	if got := s.shown(); got.Replaces != 0 {
		t.Errorf("replaces %d of another bus", got.Replaces)
	}
}

func TestClosed(t *testing.T) {
	bus := bustest.Start(t)
	startServer(t, bus)
	n := open(t, bus)
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	wantUnavailable(t, n.Show(t.Context(), "plant4", ended), "no_notifications")
}
