package desktop

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestAPageForAWindowThatCloses asks for a page while the window is on its way
// out: it opens again, but only when it had not turned to the page yet.
func TestAPageForAWindowThatCloses(t *testing.T) {
	r := newRig(t, "ThingWorx")
	turns := filepath.Join(r.Dir, "turns")
	r.program("echo drawn\nread key\n[ ! -e '" + turns + "' ] || echo opened\n")
	page := func(key string) {
		t.Helper()
		failed := make(chan error, 1)
		if err := r.screen.do(t.Context(), func(ctx context.Context) {
			_, err := r.screen.windows.openPage(ctx, key)
			failed <- err
		}); err != nil {
			t.Fatal(err)
		}
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
	}
	shows := "show --dir " + r.Dir + " "
	page("tools")
	r.wantWindows("at first", shows+"tools")
	page("add")
	r.wantWindows("after a page that was not turned to", shows+"tools", shows+"add")

	if err := os.WriteFile(turns, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	page("settings")
	r.Wait("the end of the window", func() bool { return r.inLoop(func() bool { return r.screen.windows.main.closed == nil }) })
	r.wantWindows("after one that was", shows+"tools", shows+"add")
}
