package window

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// keyPause is how long nobody may have typed before a [widget.KeyGuard] lets a key
// count.
const keyPause = 500 * time.Millisecond

// typist presses keys as Fyne's driver passes them on, each so long after the
// one before.
type typist struct {
	win     fyne.Window
	now     *time.Time
	nowhere func(*fyne.KeyEvent) // what gets the keys that no widget has
}

func (p typist) press(after time.Duration, keys ...fyne.KeyName) {
	c := p.win.Canvas()
	for _, key := range keys {
		*p.now = p.now.Add(after)
		ev := &fyne.KeyEvent{Name: key}
		if at := c.Focused(); at == nil {
			p.nowhere(ev)
		} else if k, ok := at.(desktop.Keyable); ok {
			k.KeyDown(ev)
		}
		if tabs, ok := c.Focused().(fyne.Tabbable); key == fyne.KeyTab && (!ok || !tabs.AcceptsTab()) {
			c.FocusNext()
			continue
		}
		if at := c.Focused(); at != nil {
			at.TypedKey(ev)
		}
		if r := map[fyne.KeyName]rune{fyne.KeySpace: ' ', fyne.KeyA: 'a'}[key]; r != 0 && c.Focused() != nil {
			c.Focused().TypedRune(r)
		}
	}
}

// untouched is a prompt to which nobody has turned yet.
func untouched(t *testing.T, snaps ...session.Snapshot) (*testPrompt, typist) {
	t.Helper()
	d := newTestPrompt(t)
	d.prompt.drawing = newPromptDrawing(
		test.NewTempApp(t), d.prompt.drawing.icon, d.prompt.now,
		promptActions{signIn: d.prompt.signIn, cancel: d.prompt.cancel, later: d.prompt.later},
	)
	d.quits = 0
	for _, s := range snaps {
		d.prompt.tools = append(d.prompt.tools, s.Tool)
	}
	d.win = d.prompt.drawing.win
	d.prompt.update(snaps)
	return d, typist{d.win, &d.now, d.prompt.drawing.keyDown}
}

// everything is what somebody types who does not look at the screen.
var everything = []fyne.KeyName{
	fyne.KeyA, fyne.KeySpace, fyne.KeyReturn, fyne.KeyTab, fyne.KeyReturn, fyne.KeyTab, fyne.KeyTab, fyne.KeySpace,
	fyne.KeyEscape, fyne.KeyEnter, fyne.KeyTab, fyne.KeySpace, fyne.KeyDown, fyne.KeyReturn,
}

// TestAPromptIsNoneOfATypistsBusiness types on for a while when the prompt has
// taken the keyboard.
func TestAPromptIsNoneOfATypistsBusiness(t *testing.T) {
	d, keys := untouched(t, plant, park)
	for range 5 {
		keys.press(keyPause-time.Millisecond, everything...)
	}
	keys.press(10*time.Second, fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyA, fyne.KeyDown)
	d.prompt.update([]session.Snapshot{in(plant, session.SigningIn), park}) // which draws it anew
	keys.press(10*time.Second, fyne.KeySpace, fyne.KeyReturn)
	d.win.Canvas().Focused().FocusLost() // the window loses the keyboard, and gets it back
	d.prompt.update([]session.Snapshot{plant, park})
	keys.press(10*time.Second, fyne.KeySpace, fyne.KeyReturn)
	d.win.Canvas().Focused().FocusGained()
	keys.press(keyPause-time.Millisecond, everything...)
	if d.wantAsked(); d.quits != 0 || d.prompt.hidden {
		t.Error("the window closed")
	}
}

// TestTabTurnsToAPrompt goes through the buttons, and past none twice.
func TestTabTurnsToAPrompt(t *testing.T) {
	d, keys := untouched(t, plant)
	for _, want := range []string{"Later", "Sign in", "Later", "Sign in"} {
		keys.press(keyPause, fyne.KeyTab)
		if got := d.focus(); got != want {
			t.Fatalf("the focus is on %q, want %q", got, want)
		}
	}
	keys.press(keyPause, fyne.KeyReturn)
	d.wantAsked("login plant")
}

func TestEscapeClosesAPromptAfterAMoment(t *testing.T) {
	d, keys := untouched(t, plant)
	keys.press(keyPause/2, fyne.KeyEscape)
	d.wantAsked()
	keys.press(keyPause, fyne.KeyEscape)
	d.wantAsked("later plant")
}

// TestAPageThatCameByItself is one that a person may not have seen yet.
func TestAPageThatCameByItself(t *testing.T) {
	v := newWaitingWindow(t, underWay())
	v.stack, v.root = nil, nil
	v.guard = widget.NewKeyGuard(func() time.Time { return v.clock }, v.escape)
	v.open("waiting/plant")
	page := v.top().page.(*waitingPage)
	keys := typist{v.win, &v.clock, func(*fyne.KeyEvent) {}}
	keys.press(keyPause-time.Millisecond, everything...)
	keys.press(time.Second, fyne.KeySpace, fyne.KeyReturn)
	page.env.draw()
	page.env.focus(page.first())
	keys.press(time.Second, fyne.KeySpace, fyne.KeyReturn)
	if len(v.answers) != 0 || len(v.stack) != 1 {
		t.Fatal("a key did something")
	}
	keys.press(time.Second, fyne.KeyTab, fyne.KeyTab)
	if v.focus() != string(waitCopy) {
		t.Fatalf("the focus is on %q", v.focus())
	}
	keys.press(time.Second, fyne.KeySpace)
	if len(v.answers) != 1 {
		t.Error("a button does nothing once it has the focus")
	}
}

// TestAPageThatIsAskedForInTheSameWindow has its focus at once.
func TestAPageThatIsAskedForInTheSameWindow(t *testing.T) {
	v := newWaitingWindow(t, underWay())
	v.stack, v.root = nil, nil
	v.guard = widget.NewKeyGuard(func() time.Time { return v.clock }, v.escape)
	v.open("waiting/plant")
	v.requested()
	v.open("tools")
	if v.focus() != "list" {
		t.Errorf("the focus is on %q", v.focus())
	}
}

// TestAWindowThatIsNotNeededAnyMore goes only while it is nobody's business.
func TestAWindowThatIsNotNeededAnyMore(t *testing.T) {
	for name, turns := range map[string]func(*waitingWindow, typist){
		"":                func(*waitingWindow, typist) {},
		"somebody types":  func(_ *waitingWindow, keys typist) { keys.press(keyPause/2, everything...) },
		"by the keyboard": func(_ *waitingWindow, keys typist) { keys.press(keyPause, fyne.KeyTab) },
		"by the mouse":    func(v *waitingWindow, _ typist) { v.win.Canvas().Unfocus() }, // as Fyne does it
		"by the menu":     func(v *waitingWindow, _ typist) { v.requested(); v.frame.open("tools") },
	} {
		t.Run(name, func(t *testing.T) {
			v := newWaitingWindow(t, underWay())
			v.stack, v.root = nil, nil
			v.guard = widget.NewKeyGuard(func() time.Time { return v.clock }, v.escape)
			v.open("waiting/plant")
			turns(v, typist{v.win, &v.clock, func(*fyne.KeyEvent) {}})
			v.closeUnused()
			if stays := name != "" && name != "somebody types"; stays == (v.quits == 1) {
				t.Errorf("closed %d times", v.quits)
			}
		})
	}
}
