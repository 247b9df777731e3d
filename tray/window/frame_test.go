package window

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"keyfob/app/agent"
	"keyfob/auth/session"
)

// sheet is a page that notes what is done with it.
type sheet struct {
	env
	name    string
	entry   *widget.Entry
	seen    int
	takes   bool // takes Esc for itself once
	leftYet bool
}

func (s *sheet) title() string                   { return s.name }
func (s *sheet) object() fyne.CanvasObject       { return s.entry }
func (s *sheet) update(snaps []session.Snapshot) { s.seen = len(snaps) }
func (s *sheet) first() fyne.Focusable           { return s.entry }
func (s *sheet) left()                           { s.leftYet = true }

func (s *sheet) esc() bool {
	took := s.takes
	s.takes = false
	return took
}

func (s *sheet) focused(c fyne.Canvas) bool {
	return c.Focused() == fyne.Focusable(s.entry)
}

func (s *sheet) begin(f func(ctx context.Context) error, then func(error)) {
	s.start(f, then)
}

// stage is a frame whose pages are sheets.
type stage struct {
	*frame
	sheets  map[string]*sheet
	quits   int
	answers []func()
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{sheets: map[string]*sheet{}}
	build := func(e env, tool string) page {
		sh := &sheet{env: e, name: "Sheet " + tool, entry: widget.NewEntry()}
		s.sheets[tool] = sh
		return sh
	}
	s.frame = &frame{
		win: test.NewTempApp(t).NewWindow("Keyfob"), now: time.Now, quit: func() { s.quits++ },
		make: pages{agent.PageTools: build, agent.PageToken: build},
		run: func(ctx context.Context, work func(context.Context) error, then func(error)) {
			err := work(ctx)
			s.answers = append(s.answers, func() { then(err) })
		},
	}
	return s
}

func TestPagesLieAboveEachOther(t *testing.T) {
	s := newStage(t)
	s.update([]session.Snapshot{plant})
	s.open(agent.PageTools)
	list := s.sheets[""]
	if !list.focused(s.win.Canvas()) || list.seen != 1 {
		t.Fatal("the first page has not the focus, or knows no session")
	}
	s.open("token/plant")
	token := s.sheets["plant"]
	if !token.focused(s.win.Canvas()) || s.win.Title() != "Keyfob: Sheet plant" {
		t.Fatalf("the second page does not show; the title is %q", s.win.Title())
	}
	s.update([]session.Snapshot{plant, park})
	if token.seen != 2 || list.seen != 1 {
		t.Fatal("only the page that shows is told of changes")
	}
	token.takes = true
	s.escape()
	if token.leftYet {
		t.Fatal("the page was left although it took Esc for itself")
	}
	s.escape()
	if !token.leftYet || list.seen != 2 || !list.focused(s.win.Canvas()) {
		t.Fatal("Esc does not lead back to the list as it is now")
	}
	s.escape()
	if s.quits != 1 {
		t.Fatal("Esc on the first page does not close the window")
	}
}

func TestAPageThatIsOpenIsGoneBackTo(t *testing.T) {
	s := newStage(t)
	for _, key := range []string{agent.PageTools, "token/plant", "token/park", "token/plant"} {
		s.open(key)
	}
	if n := len(s.stack); n != 2 || s.top().key != "token/plant" || !s.sheets["park"].leftYet {
		t.Fatalf("%d pages are open, on top %s", n, s.top().key)
	}
}

func TestAnUnknownPageIsTheList(t *testing.T) {
	s := newStage(t)
	s.open("nonsense/plant")
	if s.top().key != agent.PageTools {
		t.Fatalf("shows %s", s.top().key)
	}
}

// TestAnAnswerForAPageThatWasLeft must not reach it: it may draw in a window
// that shows something else.
func TestAnAnswerForAPageThatWasLeft(t *testing.T) {
	s := newStage(t)
	s.open(agent.PageTools)
	s.open("token/plant")
	var work context.Context
	told := false
	s.sheets["plant"].begin(func(ctx context.Context) error { work = ctx; return nil }, func(error) { told = true })
	s.back()
	for _, answer := range s.answers {
		answer()
	}
	if told {
		t.Error("the page that was left got an answer")
	}
	if work.Err() == nil {
		t.Error("what it asked for goes on")
	}
}

func TestEscClosesWhatLiesOver(t *testing.T) {
	s := newStage(t)
	s.open(agent.PageTools)
	over := canvas.NewRectangle(nil)
	s.win.Canvas().Overlays().Add(over)
	s.escape()
	if s.quits != 0 || slices.Contains(s.win.Canvas().Overlays().List(), fyne.CanvasObject(over)) {
		t.Fatal("Esc did not close what lay over the page, and only that")
	}
}

func TestKeysOfAField(t *testing.T) {
	test.NewTempApp(t)
	var pressed []string
	e := newEntry("hint", func() { pressed = append(pressed, "enter") }, func() { pressed = append(pressed, "esc") })
	w := test.NewTempWindow(t, e)
	w.Canvas().Focus(e)
	test.Type(e, "ab")
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyBackspace, fyne.KeyEnter, fyne.KeyEscape} {
		e.TypedKey(&fyne.KeyEvent{Name: key})
	}
	if e.Text != "a" || !slices.Equal(pressed, []string{"enter", "enter", "esc"}) {
		t.Errorf("the text is %q, pressed were %q", e.Text, pressed)
	}
}
