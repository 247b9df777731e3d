package window

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"keyfob/auth/session"
)

// TestTryAgainLeavesCancelAlone goes through a second try as the sessions tell
// of it, at first without an address: whoever presses Enter once more must not
// end the sign-in.
func TestTryAgainLeavesCancelAlone(t *testing.T) {
	v := newWaitingWindow(t, underWay())
	v.is(func(s *session.Snapshot) { s.State, s.Problem = session.SignedOut, refused })
	v.press(fyne.KeyReturn)
	v.wantAsked("login plant")
	v.is(func(s *session.Snapshot) { s.SignInURL = "" })
	v.pressIfAny(fyne.KeyReturn)
	v.pressIfAny(fyne.KeySpace)
	v.wantAsked()
	v.is(func(*session.Snapshot) {})
	if v.focus() != string(waitCopy) {
		t.Errorf("once there is an address the focus is on %q", v.focus())
	}
	v.pressIfAny(fyne.KeyReturn)
	v.wantAsked("copy plant address")
}

// TestNobodyIsMovedToCopy stays where a person went while the address was on
// its way.
func TestNobodyIsMovedToCopy(t *testing.T) {
	v := newWaitingWindow(t, with(underWay(), func(s *session.Snapshot) { s.SignInURL = "" }))
	v.win.Canvas().FocusNext()
	if v.focus() != string(waitCancel) {
		t.Fatalf("Tab leads to %q", v.focus())
	}
	v.is(func(*session.Snapshot) {})
	if v.focus() != string(waitCancel) {
		t.Errorf("the address moves the focus to %q", v.focus())
	}
}

// TestEnterTwiceInThePrompt signs in and does not cancel it, whether the second
// time is at once or later; only who goes to Cancel does that.
func TestEnterTwiceInThePrompt(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.press(fyne.KeyReturn)
	d.wantAsked("login plant")
	d.now = d.now.Add(time.Minute)
	d.prompt.update([]session.Snapshot{in(plant, session.SigningIn)})
	if d.win.Canvas().Focused() != nil {
		t.Fatalf("the focus is on %q", d.focus())
	}
	d.prompt.drawing.keyDown(&fyne.KeyEvent{Name: fyne.KeyReturn})
	d.wantAsked("login plant")
	d.win.Canvas().FocusNext()
	d.prompt.update([]session.Snapshot{with(in(plant, session.SigningIn), func(s *session.Snapshot) { s.Name += "!" })})
	if d.focus() != "Cancel" {
		t.Fatalf("Tab leads to %q", d.focus())
	}
	d.press(fyne.KeyReturn)
	d.wantAsked("login plant", "cancel plant")
}

// TestEnterTwiceAmongSeveral opens no second browser either.
func TestEnterTwiceAmongSeveral(t *testing.T) {
	d := newTestPrompt(t, plant, park)
	d.press(fyne.KeyReturn)
	d.prompt.update([]session.Snapshot{in(plant, session.SigningIn), with(park, func(s *session.Snapshot) { s.Name += "!" })})
	d.prompt.drawing.keyDown(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if d.wantAsked("login plant"); d.win.Canvas().Focused() != nil {
		t.Errorf("the focus is on %q", d.focus())
	}
}

// TestEnterTwiceInTheList signs in and does not cancel it, from the list and
// from the button.
func TestEnterTwiceInTheList(t *testing.T) {
	ended := with(underWay(), func(s *session.Snapshot) { s.State = session.Expired })
	for _, from := range []string{"list", "button"} {
		t.Run(from, func(t *testing.T) {
			r := newTestWindow(t, "tools", ended)
			if from == "button" {
				r.press(fyne.KeyTab)
			}
			if got := r.focus(); got == "" || (got == "list") != (from == "list") {
				t.Fatalf("the focus is on %q", got)
			}
			r.press(fyne.KeyReturn)
			r.wantAsked("login plant")
			r.clock = r.clock.Add(time.Minute)
			r.frame.update([]session.Snapshot{underWay()})
			r.press(fyne.KeyReturn)
			r.wantAsked()
		})
	}
}
