//go:build linux && cgo

package main

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/session"
)

// asWindow makes the test's own program be keyfob-window.
const asWindow = "KEYFOB_TEST_AS_WINDOW"

func TestMain(m *testing.M) {
	if os.Getenv(asWindow) != "" {
		main()
	}
	os.Exit(m.Run())
}

// picture keeps a picture for people to look at. The pause is for it alone: a
// window is there before it is drawn.
func picture(b *bed.Bed, name string) {
	time.Sleep(time.Second)
	b.Screenshot(name)
}

func wantExit(t *testing.T, b *bed.Bed, p *bed.Process, want int) {
	t.Helper()
	if got := b.Exit(p); got != want {
		t.Errorf("exit code %d, want %d", got, want)
	}
}

func screen(t *testing.T) *bed.Bed {
	t.Helper()
	return bed.Start(t, bed.Options{Windows: true, NoBus: true})
}

func ended(tool, name string) session.Snapshot {
	return session.Snapshot{
		Tool: tool, Name: name, State: session.Expired, Account: "anna@example.com", EndsAt: time.Now().Add(-time.Minute),
		Renewal: &session.Renewal{
			Mode:   session.Manual,
			Reason: "offline_access was asked for but not granted, so there is no refresh token",
		},
	}
}

func in(s session.Snapshot, state session.State) session.Snapshot {
	s.State = state
	return s
}

// TestEnterSignsIn is a person at the keyboard: a first try fails, a second
// works, and the window goes away by itself.
func TestEnterSignsIn(t *testing.T) {
	plant := ended("plant", "ThingWorx Plant 4")
	b, e := screen(t), startEngine(t, plant)
	e.failOnce(&auth.Error{Kind: auth.KindTransient, What: "the provider cannot be reached", Do: "check the network"})
	p := e.prompt(b, "plant")
	w := b.WaitWindow("Keyfob")
	// Where the window does not take the first key yet, the second does nothing.
	b.PressUntil(w, "a first try", func() bool { return e.count() > 0 }, "shift+Tab", "Return")
	e.waitAsked(b, "login plant")
	b.Wait("a second try", func() bool {
		b.Key(w, "Return") // does nothing until the failure is shown, nor just after the try began
		return e.count() == 2
	})
	e.waitAsked(b, "login plant", "login plant")
	picture(b, "prompt-waiting.png")
	e.set(in(plant, session.SigningIn))
	e.set(in(plant, session.Active))
	wantExit(t, b, p, 0)
	b.WaitNoWindow("Keyfob")
	if out := p.Output(); out != inOrder {
		t.Errorf("printed:\n%s", out)
	}
}

// TestLater puts off two sessions that ended at once, once with each way to
// close a window.
func TestLater(t *testing.T) {
	b := screen(t)
	for _, key := range []string{"Escape", "alt+F4"} {
		e := startEngine(t, ended("plant", "ThingWorx Plant 4"), ended("park", "ThingPark Enterprise"))
		p := e.prompt(b, "plant", "park")
		w := b.WaitWindow("Keyfob")
		picture(b, "prompt-two.png")
		b.PressUntil(w, "the end of the window", func() bool { return len(b.Windows("Keyfob")) == 0 }, key)
		e.waitAsked(b, "later plant", "later park")
		wantExit(t, b, p, 0)
	}
}

func TestSignedInElsewhere(t *testing.T) {
	plant := ended("plant", "ThingWorx Plant 4")
	b, e := screen(t), startEngine(t, plant)
	p := e.prompt(b, "plant")
	b.WaitWindow("Keyfob")
	e.set(in(plant, session.Active))
	wantExit(t, b, p, 0)
	wantExit(t, b, e.prompt(b, "plant"), 0) // too late: nothing to ask
	e.waitAsked(b)
}

func TestEngineGone(t *testing.T) {
	b, e := screen(t), startEngine(t, ended("plant", "ThingWorx Plant 4"))
	p := e.prompt(b, "plant")
	b.WaitWindow("Keyfob")
	e.stop()
	wantExit(t, b, p, 1)
	if out := p.Output(); !strings.Contains(out, "keyfob-window: the engine is gone") {
		t.Errorf("printed %q", out)
	}
	late := e.prompt(b, "plant")
	wantExit(t, b, late, 1)
	if out := late.Output(); !strings.Contains(out, "keyfob is not running") {
		t.Errorf("without an engine it printed %q", out)
	}
}

func TestToldToEnd(t *testing.T) {
	b, e := screen(t), startEngine(t, ended("plant", "ThingWorx Plant 4"))
	p := e.prompt(b, "plant")
	b.WaitWindow("Keyfob")
	if err := p.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	wantExit(t, b, p, 0)
	e.waitAsked(b)
}

// TestKeepsOffTheKeyboard types in one window while a prompt comes up: the
// keys must not reach the prompt, which is in sight all the same.
func TestKeepsOffTheKeyboard(t *testing.T) {
	b := screen(t)
	work, e := startEngine(t, ended("work", "Work")), startEngine(t, ended("plant", "ThingWorx Plant 4"))
	work.prompt(b, "work")
	first := b.WaitWindow("Keyfob")
	b.Key(first, "shift")
	e.prompt(b, "plant")
	b.Wait("the second window", func() bool { return len(b.Windows("Keyfob")) == 2 })
	second := b.Windows("Keyfob")[0]
	if second == first {
		second = b.Windows("Keyfob")[1]
	}
	b.Wait("the second window's call for attention", func() bool {
		state := windowState(t, b, second)
		return slices.Contains(state, "_NET_WM_STATE_DEMANDS_ATTENTION") && slices.Contains(state, "_NET_WM_STATE_ABOVE")
	})
	wantKeyboard(t, b, first)
	b.Press("space") // which presses nothing where it goes
	b.PressUntil(first, "the end of the first window", func() bool { return work.count() > 0 }, "Escape")
	work.waitAsked(b, "later work")
	e.waitAsked(b)
}

// wantKeyboard wants a window to have the keyboard.
func wantKeyboard(t *testing.T, b *bed.Bed, w bed.Window) {
	t.Helper()
	if got := strings.TrimSpace(b.Run("xdotool", "getwindowfocus")); got != string(w) {
		t.Errorf("window %s has the keyboard, want %s", got, w)
	}
}

// windowState is what the window manager says of a window.
func windowState(t *testing.T, b *bed.Bed, w bed.Window) []string {
	t.Helper()
	x, err := xgb.NewConnDisplay(b.Display)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	id, err := strconv.ParseUint(string(w), 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	const name = "_NET_WM_STATE"
	atom, err := xproto.InternAtom(x, false, uint16(len(name)), name).Reply()
	if err != nil {
		t.Fatal(err)
	}
	got, err := xproto.GetProperty(x, false, xproto.Window(id), atom.Atom, xproto.AtomAtom, 0, 32).Reply()
	if err != nil {
		t.Fatal(err)
	}
	var state []string
	for v := got.Value; len(v) >= 4; v = v[4:] {
		word, err := xproto.GetAtomName(x, xproto.Atom(xgb.Get32(v))).Reply()
		if err != nil {
			t.Fatal(err)
		}
		state = append(state, word.Name)
	}
	return state
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		nil, {"prompt"}, {"prompt", "plant"}, {"prompt", "--dir", "/run"}, {"prompt", "--nonsense", "plant"}, {"settings"},
	} {
		if err := run(t.Context(), args); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
