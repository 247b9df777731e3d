package tray_test

import (
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/tray"
)

// TestViewWithoutAWindow says above "Show Keyfob…" why no window opens, and which
// command does the same.
func TestViewWithoutAWindow(t *testing.T) {
	why := &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeWindowOpenGL,
		What: "a window needs OpenGL 2.1, which this screen does not have",
		Do:   "use `keyfob status` instead, or install a graphics driver with it",
	}
	const line = "(A window needs OpenGL 2.1, which this screen does not have: use `keyfob status` instead"
	if shown := draw(tray.View(nil, noon, tray.Options{Window: why})); !strings.Contains(shown, line) {
		t.Errorf("the menu is\n%s", shown)
	}
	if shown := draw(tray.View(nil, noon, tray.Options{})); strings.Contains(shown, "window") {
		t.Errorf("with a window the menu is\n%s", shown)
	}
}
