package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestAPageForAWindowThatCloses asks for a page while the window is on its way
// out: it opens again, but only when it had not turned to the page yet.
func TestAPageForAWindowThatCloses(t *testing.T) {
	o := newOffice(t, "ThingWorx")
	turns := filepath.Join(o.Dir, "turns")
	script := "#!/bin/sh\necho \"$@\" >>'" + o.windows + "'\nread key\n[ ! -e '" + turns + "' ] || echo turned\n"
	if err := os.WriteFile(filepath.Join(o.Dir, "bin", windowProgram), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	page := func(key string) {
		t.Helper()
		failed := make(chan error, 1)
		if err := o.job(t.Context(), func(ctx context.Context) { failed <- o.main.page(ctx, key) }); err != nil {
			t.Fatal(err)
		}
		if err := <-failed; err != nil {
			t.Fatal(err)
		}
	}
	shows := "show --dir " + o.Dir + " "
	page("tools")
	o.wantWindows("at first", shows+"tools")
	page("add")
	o.wantWindows("after a page that was not turned to", shows+"tools", shows+"add")

	if err := os.WriteFile(turns, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	page("settings")
	o.Wait("the end of the window", func() bool { return o.inLoop(func() bool { return o.main.closed == nil }) })
	o.wantWindows("after one that was", shows+"tools", shows+"add")
}
