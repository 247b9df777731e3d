package window

import (
	"context"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"keyfob/app/agent"
	"keyfob/auth/session"
	"keyfob/tray/window/widget"
)

// testPage is a page that notes what is done with it.
type testPage struct {
	env
	name      string
	entry     *widget.Field
	seen      int
	takes     bool // takes Esc for itself once
	wasClosed bool
}

func (s *testPage) title() string                   { return s.name }
func (s *testPage) object() fyne.CanvasObject       { return s.entry }
func (s *testPage) update(snaps []session.Snapshot) { s.seen = len(snaps) }
func (s *testPage) first() fyne.Focusable           { return s.entry }
func (s *testPage) closed()                         { s.wasClosed = true }

func (s *testPage) esc() bool {
	took := s.takes
	s.takes = false
	return took
}

func (s *testPage) focused(c fyne.Canvas) bool {
	return c.Focused() == fyne.Focusable(s.entry)
}

func (s *testPage) begin(f func(ctx context.Context) error, then func(error)) {
	s.start(f, then)
}

// testFrame is a frame whose pages are testPages.
type testFrame struct {
	*frame
	pages   map[string]*testPage
	quits   int
	answers []func()
}

func newTestFrame(t *testing.T) *testFrame {
	t.Helper()
	s := &testFrame{pages: map[string]*testPage{}}
	build := func(e env, tool string) page {
		p := &testPage{env: e, name: "Page " + tool, entry: widget.NewField("", nil, nil)}
		s.pages[tool] = p
		return p
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
	s := newTestFrame(t)
	s.update([]session.Snapshot{plant})
	s.open(agent.PageTools)
	list := s.pages[""]
	if !list.focused(s.win.Canvas()) || list.seen != 1 {
		t.Fatal("the first page has not the focus, or knows no session")
	}
	s.open("token/plant")
	token := s.pages["plant"]
	if !token.focused(s.win.Canvas()) || s.win.Title() != "Keyfob: Page plant" {
		t.Fatalf("the second page does not show; the title is %q", s.win.Title())
	}
	s.update([]session.Snapshot{plant, park})
	if token.seen != 2 || list.seen != 1 {
		t.Fatal("only the page that shows is told of changes")
	}
	token.takes = true
	s.escape()
	if token.wasClosed {
		t.Fatal("the page was left although it took Esc for itself")
	}
	s.escape()
	if !token.wasClosed || list.seen != 2 || !list.focused(s.win.Canvas()) {
		t.Fatal("Esc does not lead back to the list as it is now")
	}
	s.escape()
	if s.quits != 1 {
		t.Fatal("Esc on the first page does not close the window")
	}
}

func TestAPageThatIsOpenIsGoneBackTo(t *testing.T) {
	s := newTestFrame(t)
	for _, key := range []string{agent.PageTools, "token/plant", "token/park", "token/plant"} {
		s.open(key)
	}
	if n := len(s.stack); n != 2 || s.top().key != "token/plant" || !s.pages["park"].wasClosed {
		t.Fatalf("%d pages are open, on top %s", n, s.top().key)
	}
}

func TestAnUnknownPageIsTheList(t *testing.T) {
	s := newTestFrame(t)
	s.open("nonsense/plant")
	if s.top().key != agent.PageTools {
		t.Fatalf("shows %s", s.top().key)
	}
}

// TestAnAnswerForAPageThatWasLeft must not reach it: it may draw in a window
// that shows something else.
func TestAnAnswerForAPageThatWasLeft(t *testing.T) {
	s := newTestFrame(t)
	s.open(agent.PageTools)
	s.open("token/plant")
	var work context.Context
	told := false
	s.pages["plant"].begin(func(ctx context.Context) error { work = ctx; return nil }, func(error) { told = true })
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
	s := newTestFrame(t)
	s.open(agent.PageTools)
	over := canvas.NewRectangle(nil)
	s.win.Canvas().Overlays().Add(over)
	s.escape()
	if s.quits != 0 || slices.Contains(s.win.Canvas().Overlays().List(), fyne.CanvasObject(over)) {
		t.Fatal("Esc did not close what lay over the page, and only that")
	}
}
