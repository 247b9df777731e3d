package engine

import (
	"testing"

	"keyfob/auth/session"
)

// TestOneCallerOpensTheBrowser tells the one who came first, or another who can
// once that one has left. It looks inside, since nobody outside can leave
// between two steps.
func TestOneCallerOpensTheBrowser(t *testing.T) {
	for name, tc := range map[string]struct {
		opens  []bool // each who waits, in their order
		leaves int    // who leaves before there is an address; -1 for nobody
		want   int    // who is told to open it; -1 for nobody
	}{
		"the first":              {opens: []bool{true, true}, leaves: -1, want: 0},
		"the first has left":     {opens: []bool{true, false, true}, leaves: 0, want: 2},
		"another has left":       {opens: []bool{true, true}, leaves: 1, want: 0},
		"only the second can":    {opens: []bool{false, true}, leaves: -1, want: 1},
		"nobody is left who can": {opens: []bool{true, false}, leaves: 0, want: -1},
	} {
		t.Run(name, func(t *testing.T) {
			s := &signIn{waiters: map[chan session.Step]bool{}}
			var all []chan session.Step
			for _, opens := range tc.opens {
				all = append(all, s.join(opens))
			}
			if tc.leaves >= 0 {
				s.drop(all[tc.leaves])
			}
			s.report(session.Step{Name: session.StepBrowser, Detail: "address", Open: "start"})
			for i, steps := range append(all, s.join(true)) { // and one who comes too late
				if i == tc.leaves {
					continue
				}
				want := session.Step{Name: session.StepBrowser, Detail: "address"}
				if i == tc.want {
					want.Open = "start"
				}
				if got := <-steps; got != want {
					t.Errorf("caller %d is told %+v", i, got)
				}
			}
		})
	}
}
