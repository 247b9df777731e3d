//go:build linux

package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
)

// TestTwoHundredTools: the menu in Xfce's panel stays one that fits the
// screen, and the letter of its last entry opens the window with all.
func TestTwoHundredTools(t *testing.T) {
	r := newRig(t, bed.Options{Panel: true, Windows: true})
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(
			&text,
			"[tools.t%d]\nname = \"Tool_%d & more\"\nissuer = \"https://idp.example\"\nclient_id = \"c\"\nscopes = [\"openid\"]\nredirect = \"http://127.0.0.1/callback\"\n",
			i,
			i,
		)
	}
	r.settings(text.String())
	empty := r.Picture()
	r.Start(r.program())
	r.Wait("the icon in the panel", func() bool { return differ(empty, r.Picture(), 0, 0, 32, 32) })
	r.Wait("the engine", func() bool { return strings.Contains(r.keyfob("status").out, "signed out") })
	empty = r.Picture()
	r.ClickScreen(16, 16)
	r.Wait("the menu", func() bool { return differ(empty, r.Picture(), 0, 300, 200, 420) })
	r.Screenshot("menu-200.png")
	if low := r.Picture(); differ(empty, low, 0, 600, 400, 800) {
		t.Error("the menu reaches to the bottom of the screen")
	}
	r.Press("m")
	r.WaitWindow("Keyfob")
}
