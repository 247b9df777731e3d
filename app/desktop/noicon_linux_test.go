package desktop

import (
	"context"
	"testing"

	"keyfob/app/e2e/bed"
)

// TestNoIcon is on a desktop whose panel comes before or after the person is
// back, and to a window that somebody has turned to meanwhile or not.
func TestNoIcon(t *testing.T) {
	page := func(r *rig) string { return "show --dir " + r.Dir + " --quiet tools" }
	t.Run("behind a lock", func(t *testing.T) {
		r := newRig(t)
		r.lock(true)
		r.screen.iconIsMissing(t.Context(), noHost())
		r.wantScreen("locked")
		r.screen.iconIsThere(t.Context())
		r.lock(false)
		r.inLoop(func() bool { return true })
		r.wantScreen("unlocked")
		if got := r.opened(); len(got) != 0 {
			t.Errorf("opened %q", got)
		}
	})
	t.Run("unlocked before the panel comes", func(t *testing.T) {
		r := newRig(t)
		r.lock(true)
		r.screen.iconIsMissing(t.Context(), noHost())
		r.lock(false)
		r.wantWindows("unlocked", page(r))
		r.Notes.WaitOpen("that there is no icon", func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" })
		r.screen.iconIsThere(t.Context())
		r.Wait("an empty screen", func() bool { return len(r.onScreen()) == 0 })
	})
	t.Run("the window is told", func(t *testing.T) {
		r := newRig(t)
		r.program("echo drawn\nwhile read key; do echo \"$key\" >>'" + r.windows + "'; [ $key = none ] || echo opened; done\n")
		r.screen.iconIsMissing(t.Context(), noHost())
		r.wantWindows("no icon", page(r))
		r.screen.iconIsThere(t.Context())
		r.wantWindows("an icon", page(r), "none")
		if err := r.screen.do(t.Context(), func(ctx context.Context) { _, _ = r.screen.windows.openPage(ctx, "add") }); err != nil {
			t.Fatal(err)
		}
		r.screen.iconIsThere(t.Context())
		r.inLoop(func() bool { return true })
		r.wantWindows("an icon, and a page that a person asked for", page(r), "none", "add")
	})
}
