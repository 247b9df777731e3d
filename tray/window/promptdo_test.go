package window

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// testPrompt is a prompt on Fyne's screenless driver, with a person at its keyboard
// and an engine that answers when the test says so.
type testPrompt struct {
	t       *testing.T
	prompt  *prompt
	now     time.Time
	asked   []string    // of the engine
	answers []func()    // to what was asked, in order
	err     error       // what the engine answers
	quits   int         //
	win     fyne.Window //
}

func newTestPrompt(t *testing.T, snaps ...session.Snapshot) *testPrompt {
	t.Helper()
	d := &testPrompt{t: t, now: noon}
	op := func(name string) func(context.Context, string) error {
		return func(_ context.Context, tool string) error {
			d.asked = append(d.asked, name+" "+tool)
			return d.err
		}
	}
	d.prompt = &prompt{
		tries: map[string]attempt{}, now: func() time.Time { return d.now }, quit: func() { d.quits++ },
		ask: promptRequests{login: op("login"), cancel: op("cancel"), later: op("later")},
		start: func(work func(context.Context) error, then func(error)) {
			err := work(t.Context())
			d.answers = append(d.answers, func() { then(err) })
		},
	}
	for _, s := range snaps {
		d.prompt.tools = append(d.prompt.tools, s.Tool)
	}
	d.prompt.drawing = newPromptDrawing(
		test.NewTempApp(t),
		theme.WarningIcon(),
		d.prompt.now,
		promptActions{signIn: d.prompt.signIn, cancel: d.prompt.cancel, later: d.prompt.later},
	)
	d.win = d.prompt.drawing.win
	d.prompt.update(snaps)
	if len(snaps) > 0 {
		d.win.Canvas().Focus(d.prompt.drawing.buttons[d.prompt.drawing.first()]) // a person has turned to it
	}
	return d
}

// press presses a key on what has the focus, or in the window where nothing has.
func (d *testPrompt) press(key fyne.KeyName) {
	d.t.Helper()
	ev := &fyne.KeyEvent{Name: key}
	focused, ok := d.win.Canvas().Focused().(desktop.Keyable)
	if !ok {
		d.prompt.drawing.keyDown(ev)
		return
	}
	focused.KeyDown(ev)
	d.repeat(key)
}

// repeat goes on with a key that is held.
func (d *testPrompt) repeat(key fyne.KeyName) {
	if at := d.win.Canvas().Focused(); at != nil {
		at.TypedKey(&fyne.KeyEvent{Name: key})
	}
}

// focus is the label of the button that has the focus.
func (d *testPrompt) focus() string {
	if b, ok := d.win.Canvas().Focused().(*widget.Button); ok {
		return b.Text
	}
	return ""
}

// answer lets the engine answer the oldest request that waits for it.
func (d *testPrompt) answer() {
	d.t.Helper()
	if len(d.answers) == 0 {
		d.t.Fatal("nothing was asked")
	}
	then := d.answers[0]
	d.answers = d.answers[1:]
	then()
}

func (d *testPrompt) wantAsked(want ...string) {
	d.t.Helper()
	if !slices.Equal(d.asked, want) {
		d.t.Fatalf("asked the engine %q, want %q", d.asked, want)
	}
}

func (d *testPrompt) wantShown(parts ...string) {
	d.t.Helper()
	shown := text(d.prompt.drawing.model)
	for _, p := range parts {
		if !strings.Contains(shown, p) {
			d.t.Fatalf("shows:\n%s\nwithout %q", shown, p)
		}
	}
}

var (
	plant = ended("plant", "Plant", time.Minute, "no refresh token")
	park  = ended("park", "Park", time.Hour, "no refresh token")
)

func in(s session.Snapshot, state session.State) session.Snapshot {
	s.State = state
	return s
}

func TestEnterSignsIn(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.press(fyne.KeyReturn)
	d.wantAsked("login plant")
	d.wantShown("(waiting) [Cancel]")
	d.prompt.update([]session.Snapshot{in(plant, session.SigningIn)})
	d.wantShown("(waiting) [Cancel]")
	if d.quits != 0 {
		t.Fatal("the window closed before the sign-in was done")
	}
	d.prompt.update([]session.Snapshot{in(plant, session.Active)})
	if d.quits != 1 {
		t.Fatal("the window stays open after the sign-in")
	}
}

func TestHeldEnterSignsInOnce(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.press(fyne.KeyEnter)
	for range 5 {
		d.now = d.now.Add(time.Second)
		d.repeat(fyne.KeyEnter)
	}
	d.wantAsked("login plant")
}

func TestLoginAnswersAheadOfTheSnapshot(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.press(fyne.KeyReturn)
	d.answer()
	if d.quits != 1 {
		t.Fatal("a sign-in that worked was asked for again")
	}
}

func TestFailedSignInCanBeTriedAgain(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.err = &auth.Error{Kind: auth.KindTransient, What: "the provider cannot be reached", Do: "check the network"}
	d.press(fyne.KeyReturn)
	d.answer()
	d.wantShown("! The provider cannot be reached. Check the network.", "[Try again]")
	if got := d.focus(); got != "Try again" {
		t.Fatalf("the focus is on %q", got)
	}
	d.press(fyne.KeySpace)
	d.wantAsked("login plant", "login plant")
	d.wantShown("(waiting) [Cancel]")
}

func TestEscapeIsLaterForAll(t *testing.T) {
	d := newTestPrompt(t, plant, park)
	d.press(fyne.KeyEscape)
	d.wantAsked("later plant", "later park")
	if d.quits != 0 {
		t.Fatal("closed before the engine knows")
	}
	d.answer()
	if d.quits != 1 {
		t.Fatal("did not close")
	}
}

func TestLaterClosesWithoutTheEngine(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.err = errors.New("no engine")
	test.Tap(d.prompt.drawing.buttons[later])
	d.answer()
	if d.quits != 1 {
		t.Fatal("did not close")
	}
}

func TestSignInGoesOnBehindLater(t *testing.T) {
	d := newTestPrompt(t, plant, park)
	test.Tap(d.prompt.drawing.buttons["plant"])
	test.Tap(d.prompt.drawing.buttons[later])
	d.wantAsked("login plant", "later park")
	signedIn := d.answers[0]
	d.answers = d.answers[1:]
	d.answer()
	if d.quits != 0 {
		t.Fatal("ended, which gives up the sign-in in the browser")
	}
	d.prompt.update([]session.Snapshot{in(plant, session.SigningIn), park})
	signedIn()
	if d.quits != 1 {
		t.Fatal("lives on after the sign-in")
	}
}

func TestCancel(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.err = &auth.Error{Kind: auth.KindCanceled, What: "the sign-in was cancelled"}
	test.Tap(d.prompt.drawing.buttons["plant"])
	test.Tap(d.prompt.drawing.buttons["plant"]) // a double click
	d.wantAsked("login plant")
	d.now = d.now.Add(time.Second)
	d.press(fyne.KeyEscape)
	d.wantAsked("login plant", "cancel plant")
	d.answer()
	d.answer()
	if got := text(d.prompt.drawing.model); strings.Contains(got, "!") || !strings.Contains(got, "[Sign in]") {
		t.Fatalf("after cancelling here:\n%s", got)
	}
}

func TestCancelledElsewhereSaysSo(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.err = &auth.Error{Kind: auth.KindCanceled, What: "nobody signed in within 5 minutes"}
	d.press(fyne.KeyReturn)
	d.answer()
	d.wantShown("! Nobody signed in within 5 minutes.", "[Try again]")
}

func TestAnotherSessionEndsMeanwhile(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.prompt.update([]session.Snapshot{plant, in(park, session.Active)})
	d.prompt.update([]session.Snapshot{plant, park})
	d.wantShown("2 sessions have ended", "-- Plant", "-- Park")
	d.prompt.update([]session.Snapshot{in(plant, session.Active), park})
	d.wantShown("Your Park session has ended")
	d.press(fyne.KeyReturn)
	d.wantAsked("login park")
}

func TestPutOffBeforeIsNotAskedAgain(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.prompt.update([]session.Snapshot{plant, park})
	d.wantShown("Your Plant session has ended")
}

func TestFocusStaysWithItsSession(t *testing.T) {
	d := newTestPrompt(t, plant, park)
	d.win.Canvas().FocusNext()
	d.prompt.update([]session.Snapshot{in(plant, session.SigningIn), park})
	d.press(fyne.KeyReturn)
	d.wantAsked("login park")
}

func TestKeysWithoutFocus(t *testing.T) {
	d := newTestPrompt(t, plant)
	d.win.Canvas().Unfocus()
	d.prompt.drawing.keyDown(&fyne.KeyEvent{Name: fyne.KeyEnter})
	d.wantAsked("login plant")
	d.now = d.now.Add(time.Second)
	d.win.Canvas().Unfocus()
	d.prompt.drawing.keyDown(&fyne.KeyEvent{Name: fyne.KeyEscape})
	d.wantAsked("login plant", "cancel plant")
}

// TestNoSpinnerStaysBehind signs in, after which what spun is gone.
func TestNoSpinnerStaysBehind(t *testing.T) {
	d := newTestPrompt(t, plant, park)
	test.Tap(d.prompt.drawing.buttons["plant"])
	spun := d.prompt.drawing.spinners
	if len(spun) != 1 || !spun[0].Visible() {
		t.Fatalf("%d spin", len(spun))
	}
	d.answer()
	if spun[0].Visible() || len(d.prompt.drawing.spinners) != 0 {
		t.Error("it spins on")
	}
}
