package window

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"keyfob/auth"
	"keyfob/auth/session"
)

// waitingWindow is a window with the page of a sign-in.
type waitingWindow struct {
	*testWindow
	*waitingPage
}

func newWaitingWindow(t *testing.T, snaps ...session.Snapshot) *waitingWindow {
	t.Helper()
	r := newTestWindow(t, "waiting/plant", snaps...)
	p, ok := r.top().page.(*waitingPage)
	if !ok {
		t.Fatalf("shows %T", r.top().page)
	}
	return &waitingWindow{r, p}
}

func (v *waitingWindow) is(change func(*session.Snapshot)) {
	v.frame.update([]session.Snapshot{with(underWay(), change)})
}

// passes lets a second pass.
func (v *waitingWindow) passes(seconds int) {
	v.testWindow.t.Helper()
	for range seconds {
		if len(v.later) != 1 {
			v.testWindow.t.Fatalf("%d clocks tick", len(v.later))
		}
		then := v.later[0]
		v.later, v.clock = nil, v.clock.Add(time.Second)
		then()
	}
}

func TestTheWaitEnds(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*session.Snapshot)
		leaves bool
	}{
		{"signed in", func(s *session.Snapshot) { s.State, s.Set = session.Active, "2" }, true},
		{"signed in, with scopes missing", func(s *session.Snapshot) {
			s.State, s.Set, s.Problem = session.Active, "2", &auth.Error{Kind: auth.KindSetup, Code: "mandatory_scopes", What: "x"}
		}, true},
		{"cancelled elsewhere", func(s *session.Snapshot) { s.State = session.SignedOut }, true},
		{"cancelled elsewhere, while the keychain is absent", func(s *session.Snapshot) {
			s.State, s.Problem = session.SignedOut, &auth.Error{Kind: auth.KindKeychain, What: "x"}
		}, true},
		{"cancelled elsewhere, and the scopes have changed", func(s *session.Snapshot) {
			s.State, s.Problem = session.Active, &auth.Error{Kind: auth.KindSignIn, Code: auth.CodeScopesChanged, What: "x"}
		}, true},
		{"failed", func(s *session.Snapshot) { s.State, s.Problem = session.SignedOut, refused }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := newWaitingWindow(t, underWay())
			v.is(c.change)
			if left := v.quits == 1; left != c.leaves {
				t.Errorf("the window closed: %v", left)
			}
		})
	}
	v := newWaitingWindow(t, underWay())
	v.frame.update(nil)
	if v.quits != 1 {
		t.Error("the page stays when its tool is gone")
	}
	if v := newWaitingWindow(t, with(underWay(), func(s *session.Snapshot) { s.State = session.Active })); v.quits != 1 {
		t.Error("the page of a sign-in that is over stays")
	}
}

func TestTheWaitGoesBackToTheList(t *testing.T) {
	r := newTestWindow(t, "tools", underWay())
	r.open("waiting/plant")
	r.frame.update([]session.Snapshot{with(underWay(), func(s *session.Snapshot) { s.State, s.Set = session.Active, "2" })})
	if r.quits != 0 || r.top().key != "tools" || r.focus() != "list" {
		t.Errorf("shows %s, with the focus on %q", r.top().key, r.focus())
	}
}

func TestButtonsOfTheWait(t *testing.T) {
	v := newWaitingWindow(t, with(underWay(), func(s *session.Snapshot) { s.SignInURL = "" }))
	if v.win.Canvas().Focused() != nil {
		t.Errorf("before there is an address the focus is on %q", v.focus())
	}
	v.is(func(*session.Snapshot) {})
	test.Tap(v.drawing.buttons[waitAgain])
	test.Tap(v.drawing.buttons[waitCopy])
	v.wantAsked("reopen plant", "copy plant address")
	v.answer()
	if got := v.drawing.outcome; got.Bad || got.Text != "The address is in the clipboard." {
		t.Errorf("says %+v", got)
	}
	v.err = unreachable
	test.Tap(v.drawing.buttons[waitAgain])
	v.wantAsked("reopen plant")
	v.answer()
	if got := v.drawing.outcome; !got.Bad || !strings.HasPrefix(got.Text, "The provider cannot be reached.") {
		t.Errorf("says %+v", got)
	}
	v.err = nil
	test.Tap(v.drawing.buttons[waitCancel])
	v.wantAsked("cancel plant")
	v.is(func(s *session.Snapshot) { s.State, s.Problem = session.SignedOut, refused }) // from before
	if v.quits != 1 {
		t.Error("the page stays when the sign-in was cancelled in it")
	}
}

func TestAFailureCanBeTriedAgain(t *testing.T) {
	v := newWaitingWindow(t, underWay())
	failed := func(s *session.Snapshot) { s.State, s.Problem = session.SignedOut, refused }
	v.is(failed)
	if v.focus() != "Try again" {
		t.Fatalf("the focus is on %q", v.focus())
	}
	test.Tap(v.drawing.buttons[waitDetails])
	v.wantAsked("copy plant details")
	v.answer()
	test.Tap(v.drawing.buttons[waitRetry])
	v.wantAsked("login plant")
	v.clock = v.clock.Add(time.Minute)
	v.is(func(s *session.Snapshot) { s.SignInAt = v.clock })
	if m := v.drawing.model; !m.Waits || m.Since != "Begun 0 s ago" || v.focus() != "Copy the address" {
		t.Fatalf("the second try reads\n%swith the focus on %q", waitingText(m), v.focus())
	}
	v.is(func(s *session.Snapshot) { s.State, s.Set = session.Active, "2" })
	if v.quits != 1 {
		t.Error("the page stays after the second try")
	}
}

// TestAFailureThatIsTooFastToBeSeen comes with the answer alone.
func TestAFailureThatIsTooFastToBeSeen(t *testing.T) {
	v := newWaitingWindow(t, underWay())
	v.is(func(s *session.Snapshot) { s.State, s.Problem = session.SignedOut, refused })
	v.err = unreachable
	v.press(fyne.KeyReturn)
	v.answer()
	if got := v.drawing.model.Problem; !strings.HasPrefix(got, "The provider cannot be reached.") {
		t.Errorf("says %q", got)
	}
}

func TestTheHelpComesAfterAMinute(t *testing.T) {
	v := newWaitingWindow(t, underWay())
	v.win.Resize(fyne.NewSize(waitingWidth, waitingHeight))
	v.press(fyne.KeyTab)
	at := v.win.Canvas().Focused()
	v.passes(59)
	if len(v.drawing.model.Help) > 0 || v.drawing.since.Text != "Begun 59 s ago" {
		t.Fatalf("after %s:\n%s", v.drawing.since.Text, waitingText(v.drawing.model))
	}
	v.passes(1)
	if len(v.drawing.model.Help) == 0 || v.win.Canvas().Size().Height < waitingHelpHeight {
		t.Fatal("no help, or no room for it")
	}
	if v.win.Canvas().Focused() != at {
		t.Error("the help takes the focus away")
	}
	var seen []string
	for range 8 {
		v.press(fyne.KeyTab)
		seen = append(seen, v.focus())
	}
	want := []string{v.drawing.model.Help[0].Sees, v.drawing.model.Help[1].Sees}
	if !slices.Equal(seen[:2], want) {
		t.Errorf("Tab goes to %q", seen)
	}
	v.drawing.help.questions[2].head.Tapped(nil)
	v.drawing.help.questions[0].head.Tapped(nil)
	if !v.drawing.help.questions[0].shown || v.drawing.help.questions[2].shown {
		t.Error("not just the answer that was asked for is open")
	}
	v.drawing.help.questions[0].head.Tapped(nil)
	if v.drawing.help.questions[0].shown {
		t.Error("the answer does not close")
	}
	last := v.drawing.help.questions[len(v.drawing.help.questions)-1]
	last.head.Tapped(nil)
	end := fyne.CurrentApp().Driver().AbsolutePositionForObject(last.answer).Y + last.answer.Size().Height
	if end > v.win.Canvas().Size().Height {
		t.Errorf("the last answer ends at %v in a window %v high", end, v.win.Canvas().Size().Height)
	}
	v.press(fyne.KeyEscape)
	if v.quits != 1 {
		t.Error("Esc does not close the window")
	}
	v.wantAsked() // the sign-in goes on
}

// TestTimeAloneDrawsLittle counts the seconds without drawing the page anew.
func TestTimeAloneDrawsLittle(t *testing.T) {
	v := newWaitingWindow(t, underWay())
	parts := slices.Clone(v.drawing.box.Objects)
	v.passes(10)
	if !slices.Equal(parts, v.drawing.box.Objects) {
		t.Error("each second draws all of it")
	}
}

func TestTheWaitFits(t *testing.T) {
	v := newWaitingWindow(t, underWay())
	v.passes(60)
	for i := range v.drawing.help.questions {
		v.drawing.help.press(v.drawing.help.questions[i])
		for _, size := range []fyne.Size{
			{Width: waitingLeast + 2*frameMargin, Height: waitingHigh + 2*frameMargin},
			{Width: waitingWidth, Height: waitingHelpHeight},
			{Width: 1400, Height: 900},
		} {
			v.win.Resize(size)
			got, want := v.drawing.box.Size(), v.drawing.scroll.Size()
			if got.Width > want.Width || v.drawing.box.MinSize().Height > got.Height {
				t.Errorf("at %v the page takes %v of %v", size, got, want)
			}
			head := v.drawing.help.questions[i].head
			end := fyne.CurrentApp().Driver().AbsolutePositionForObject(head).X + head.MinSize().Width
			if end > v.win.Canvas().Size().Width {
				t.Errorf("at %v the question %q ends at %v", size, head.Text, end)
			}
		}
	}
}
