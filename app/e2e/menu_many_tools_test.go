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
	d := newDesktop(t, bed.Options{Panel: true, Windows: true})
	var text strings.Builder
	for i := range 200 {
		fmt.Fprintf(
			&text,
			"[tools.t%d]\nname = \"Tool_%d & more\"\nissuer = \"https://idp.example\"\nclient_id = \"c\"\nscopes = "+
				"[\"openid\"]\nredirect = \"http://127.0.0.1/callback\"\n",
			i,
			i,
		)
	}
	d.settings(text.String())
	empty := d.Picture()
	d.Start(d.program())
	d.Wait("the icon in the panel", func() bool { return differ(empty, d.Picture(), 0, 0, 32, 32) })
	d.Wait("the engine", func() bool { return strings.Contains(d.keyfob("status").out, "signed out") })
	empty = d.Picture()
	d.ClickScreen(16, 16)
	d.Wait("the menu", func() bool { return differ(empty, d.Picture(), 0, 300, 200, 420) })
	d.Screenshot("menu-200.png")
	if low := d.Picture(); differ(empty, low, 0, 600, 400, 800) {
		t.Error("the menu reaches to the bottom of the screen")
	}
	d.Press("m")
	d.WaitWindow("Keyfob")
}
