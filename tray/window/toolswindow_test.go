package window

import (
	"fmt"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/auth/session"
)

// toolsWindow is a window with the page of tools.
type toolsWindow struct {
	*testWindow
	*toolsPage
}

func newToolsWindow(t *testing.T, snaps ...session.Snapshot) *toolsWindow {
	t.Helper()
	r := newTestWindow(t, agent.PageTools, snaps...)
	p, ok := r.top().page.(*toolsPage)
	if !ok {
		t.Fatalf("shows %T", r.top().page)
	}
	return &toolsWindow{r, p}
}

// wantChosen wants this tool at the right.
func (s *toolsWindow) wantChosen(tool string) {
	s.testWindow.t.Helper()
	if row, _ := s.list.Chosen(); s.drawing.shown.Tool != tool || row.Key != tool {
		s.testWindow.t.Fatalf("at the right is %s, chosen in the list %s, want %s", s.drawing.shown.Tool, row.Key, tool)
	}
}

func (s *toolsWindow) wantSaid(text string, bad bool) {
	s.testWindow.t.Helper()
	if s.drawing.outcome.Text != text || s.drawing.outcome.Bad != bad {
		s.testWindow.t.Fatalf("says %+v, want %q", s.drawing.outcome, text)
	}
}

func three() []session.Snapshot {
	return []session.Snapshot{
		renewing("lean", "LEAN"),
		with(signedIn("park", "Park", -time.Minute), func(s *session.Snapshot) { s.State = session.Expired }),
		signedIn("plant", "Plant", 40*time.Minute),
	}
}

func hundreds() []session.Snapshot {
	snaps := make([]session.Snapshot, 200)
	for i := range snaps {
		snaps[i] = signedIn(fmt.Sprint("tool", i), fmt.Sprint("Tool ", i), 40*time.Minute)
	}
	return snaps
}

// tried are the tools of which a failure is told.
func (s *toolsWindow) tried() (failed []string) {
	for tool, tr := range s.tries {
		if tr.err != nil {
			failed = append(failed, tool)
		}
	}
	return failed
}
