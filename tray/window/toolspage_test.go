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

func TestArrowsAndEnter(t *testing.T) {
	s := newToolsWindow(t, three()...)
	if s.focus() != "list" {
		t.Fatalf("the focus is on %q", s.focus())
	}
	s.wantChosen("park")
	s.press(fyne.KeyUp, fyne.KeyDown)
	s.wantChosen("lean")
	s.press(fyne.KeyDown, fyne.KeyDown)
	s.wantChosen("plant")
	s.press(fyne.KeyReturn)
	s.wantAsked("login plant")
	s.press(fyne.KeyHome, fyne.KeyEnter)
	s.wantAsked("login park")
	s.press(fyne.KeyEnd, fyne.KeyUp, fyne.KeyReturn) // what renews itself needs no sign-in
	s.wantAsked("copy lean ")
	s.answer()
	s.wantSaid("The token is in the clipboard.", false)
	s.press(fyne.KeyEnd)
	s.wantSaid("", false)
}

func TestTabGoesThroughThePage(t *testing.T) {
	s := newToolsWindow(t, three()...)
	var order []string
	for range 8 {
		s.press(fyne.KeyTab)
		order = append(order, s.focus())
	}
	want := []string{
		"Sign in again", "Open home page", "Sign out", "Add a tool…", "Settings…", "list", "Sign in again", "Open home page",
	}
	if !slices.Equal(order, want) {
		t.Errorf("Tab goes to %q, want %q", order, want)
	}
}

func TestEveryButton(t *testing.T) {
	snaps := three()
	snaps[2].Renewal.AddOffline = true
	snaps[2].Problem = &auth.Error{Kind: auth.KindDenied, Code: auth.CodeOtherAccount, What: "another account", Ref: "x"}
	s := newToolsWindow(t, snaps...)
	s.press(fyne.KeyEnd)
	s.wantChosen("plant")
	for _, c := range []struct {
		act  toolAction
		want string
	}{
		{actMain, "login plant"},
		{actCopy, "copy plant "},
		{actHome, "home plant"},
		{actSignOut, "logout plant"},
		{actDetails, "copy plant details"},
		{actOffline, "login plant offline"},
		{actSwitch, "login plant switch"},
	} {
		test.Tap(s.drawing.buttons[c.act])
		s.wantAsked(c.want)
		s.answer()
	}
	for _, c := range []struct {
		downs int
		want  string
	}{{0, "copy plant header"}, {1, "copy plant curl"}, {2, "copy plant env"}} {
		test.Tap(s.drawing.buttons[actCopyAs])
		for range c.downs {
			s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
		s.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		s.wantAsked(c.want)
		s.answer()
	}
	test.Tap(s.drawing.buttons[actToken])
	if s.opened["token plant"] == nil {
		t.Error("Token… opens no page")
	}
}

// TestFormsByKeyboard opens the menu of forms with the key that would choose
// its first entry.
func TestFormsByKeyboard(t *testing.T) {
	s := newToolsWindow(t, three()...)
	s.press(fyne.KeyEnd, fyne.KeyTab, fyne.KeyTab, fyne.KeyTab, fyne.KeyReturn)
	s.wantAsked()
	s.press(fyne.KeyDown, fyne.KeyReturn)
	s.wantAsked("copy plant curl")
	if s.focus() != "Copy as…" {
		t.Errorf("afterwards the focus is on %q", s.focus())
	}
	s.press(fyne.KeyReturn, fyne.KeyEscape)
	s.wantAsked()
	if s.focus() != "Copy as…" || s.quits != 0 {
		t.Errorf("after Esc the focus is on %q", s.focus())
	}
}

func TestCopyWithTheKeyboard(t *testing.T) {
	s := newToolsWindow(t, three()...)
	s.press(fyne.KeyEnd)
	s.list.TypedShortcut(&fyne.ShortcutCopy{})
	s.wantAsked("copy plant ")
	s.answer()
	s.wantSaid("The token is in the clipboard.", false)
	s.clears = 45 * time.Second
	s.list.TypedShortcut(&fyne.ShortcutCopy{})
	s.wantAsked("copy plant ")
	s.answer()
	s.wantSaid("The token is in the clipboard. It leaves it in 45 seconds.", false)
	s.press(fyne.KeyHome) // ended: there is nothing to copy
	s.list.TypedShortcut(&fyne.ShortcutCopy{})
	s.wantAsked()
}

func TestWhatFailsIsSaidInPlace(t *testing.T) {
	s := newToolsWindow(t, three()...)
	s.err = unreachable
	s.press(fyne.KeyEnd)
	s.list.TypedShortcut(&fyne.ShortcutCopy{})
	s.answer()
	s.wantSaid("The provider cannot be reached. Check the network.", true)

	// A sign-in's failure stays with its tool until something comes of it.
	s.press(fyne.KeyHome, fyne.KeyReturn)
	s.answer()
	if s.drawing.shown.Problem == "" || !slices.Contains(s.tried(), "park") {
		t.Fatal("a sign-in that failed is not told")
	}
	s.press(fyne.KeyEnd)
	if s.drawing.shown.Problem != "" {
		t.Fatal("its failure is told of another tool")
	}
	snaps := three()
	snaps[1].State, snaps[1].Set = session.Active, "2"
	s.frame.update(snaps)
	if len(s.tried()) > 0 {
		t.Fatal("the failure is told although somebody signed in")
	}
}

func TestASignInIsBegunOnceAndCancelled(t *testing.T) {
	s := newToolsWindow(t, three()...)
	s.press(fyne.KeyReturn, fyne.KeyReturn)
	s.wantAsked("login park")
	snaps := three()
	snaps[1].State = session.SigningIn
	s.frame.update(snaps)
	s.wantChosen("park")
	cancel := s.drawing.buttons[actCancel]
	test.Tap(cancel) // a double click is no change of mind
	s.wantAsked()
	s.clock = s.clock.Add(time.Second)
	test.Tap(cancel)
	s.wantAsked("cancel park")
}

func TestSigningOutSaysWhatIsLeft(t *testing.T) {
	s := newToolsWindow(t, three()...)
	s.result = session.SignOutResult{Words: []string{"the provider was not told"}, Incomplete: true, Rule: "Close the browser."}
	test.Tap(s.drawing.buttons[actSignOut])
	s.answer()
	if got := s.drawing.outcome.Text; !strings.HasPrefix(got, "Signed out on this machine.") || !strings.Contains(got, "not told") ||
		!strings.HasSuffix(got, "Close the browser.") {
		t.Errorf("says %q", got)
	}
}

// TestAChangeLeavesThePersonAlone moves the tools about while somebody reads
// the middle of a long list: choice, focus and place in the list stay.
func TestAChangeLeavesThePersonAlone(t *testing.T) {
	s := newToolsWindow(t, hundreds()...)
	s.press(fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageUp)
	was, offset := s.chosen, s.list.GetScrollOffset()
	s.press(fyne.KeyTab, fyne.KeyTab)
	button := s.focus()
	if button != "Copy token" || offset == 0 {
		t.Fatalf("the focus is on %q, the list at %v", button, offset)
	}
	snaps := hundreds()
	for i := range 20 {
		snaps[i].State = session.Expired
	}
	s.frame.update(snaps)
	if s.chosen != was || s.focus() != button || s.list.GetScrollOffset() != offset {
		t.Errorf("chosen %s → %s, focus %q → %q, list at %v → %v", was, s.chosen, button, s.focus(), offset, s.list.GetScrollOffset())
	}

	// A button that is of no use any more hands the focus back.
	for i := range snaps {
		snaps[i].State = session.Expired
	}
	s.frame.update(snaps)
	if s.focus() != "list" {
		t.Errorf("the focus is on %q", s.focus())
	}
}

func TestFindingATool(t *testing.T) {
	s := newToolsWindow(t, hundreds()...)
	for _, r := range "17" {
		s.win.Canvas().Focused().TypedRune(r)
	}
	if s.focus() != "filter" || s.filter.Text != "17" || s.list.Length() != 12 {
		t.Fatalf("focus %q, looks for %q, finds %d", s.focus(), s.filter.Text, s.list.Length())
	}
	s.wantChosen("tool17")
	s.press(fyne.KeyDown, fyne.KeyReturn)
	s.wantAsked("login tool117")
	s.filter.SetText("nothing")
	if s.empty.Hidden || s.empty.Text != "No tool is called “nothing”." {
		t.Errorf("where nothing is found it says %q", s.empty.Text)
	}
	s.press(fyne.KeyEscape)
	if s.filter.Text != "" || s.quits != 0 || s.focus() != "list" || s.list.Length() != 200 {
		t.Fatal("Esc does not empty the field first")
	}
	s.press(fyne.KeyEscape)
	if s.quits != 1 {
		t.Fatal("Esc does not close the window")
	}
	if small := newToolsWindow(t, three()...); small.filter.Visible() {
		t.Error("three tools have a field to find them")
	}
}

// TestAListOfManyDrawsWhatIsSeen holds that the cost does not grow with the
// number of tools.
func TestAListOfManyDrawsWhatIsSeen(t *testing.T) {
	s := newToolsWindow(t, hundreds()...)
	drawn := map[int]bool{}
	update := s.list.UpdateItem
	s.list.UpdateItem = func(i int, o fyne.CanvasObject) { drawn[i] = true; update(i, o) }
	snaps := hundreds()
	snaps[0].EndsAt = noon.Add(time.Minute)
	s.frame.update(snaps)
	if len(drawn) == 0 || len(drawn) > 20 {
		t.Errorf("a change draws %d rows", len(drawn))
	}
	clear(drawn)
	s.frame.update(snaps)
	if len(drawn) != 0 {
		t.Errorf("no change draws %d rows", len(drawn))
	}
}

// TestToolsFit draws the page at several sizes: nothing of a button is cut off
// at the right, and what is too long scrolls.
func TestToolsFit(t *testing.T) {
	long := signedIn("long", strings.Repeat("A long name ", 6), 40*time.Minute)
	long.Problem, long.Renewal.AddOffline = refused, true
	long.Warnings = []string{strings.Repeat("what is less safe ", 20)}
	s := newToolsWindow(t, long)
	for _, size := range []fyne.Size{
		{Width: 500, Height: 340}, {Width: frameWidth, Height: frameHeight}, {Width: 1600, Height: 1200}, {Width: 620, Height: 400},
	} {
		s.win.Resize(size)
		right := s.drawing.scroll.Size().Width
		if got := s.drawing.box.Size().Width; got > right {
			t.Errorf("at %v the right side is %v wide where there are %v", size, got, right)
		}
		for act, b := range s.drawing.buttons {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
			if end := at.X + b.Size().Width; end > s.win.Canvas().Size().Width {
				t.Errorf("at %v the button %s ends at %v", size, act, end)
			}
		}
		if got, want := s.drawing.box.Size().Height, s.drawing.box.MinSize().Height; got < want {
			t.Errorf("at %v the right side is %v high where it needs %v", size, got, want)
		}
	}
}
