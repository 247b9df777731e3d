//go:build linux

package e2e_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/idp"
)

// TestLogOutAndLogInOnWayland ends sway and the bus under a running Keyfob, and
// starts another one: a token goes to its clipboard. Keyfob starts no X server
// there by looking whether there is a display.
func TestLogOutAndLogInOnWayland(t *testing.T) {
	_, issuer := startProvider(t, idp.Client{ID: "renews", Refresh: true})
	d := newDesktopWith(t, bed.Options{Sway: true}, "keyfob")
	d.settings(
		"[tools.plant4]\nname = \"Plant\"\nissuer = \"" + issuer + "\"\nclient_id = \"renews\"\nscopes = [\"openid\", \"offline_access\"]\n" +
			"redirect = \"http://127.0.0.1/callback\"\n",
	)
	app := d.startTray()
	d.mustLogin("plant4")
	for range 2 {
		if xwayland(d) {
			t.Error("an X server was started")
		}
		d.LogOut()
		d.soon("the end of the desktop", func() bool { return strings.Contains(app.Output(), "there is no desktop any more") })
		d.LogIn()
		d.arrive()
		d.soon("the icon", func() bool { return d.Tray.Icons() == 1 })
	}
	token := strings.TrimSpace(d.keyfob("token", "plant4").out)
	d.Tray.Click("Plant*", "Copy token")
	d.soon("the token on the clipboard", func() bool { return d.ClipboardAs("text/plain;charset=utf-8") == token })
	d.quitTray(app)
}

// xwayland reports whether the desktop has an X server that runs.
func xwayland(d *desktop) bool {
	d.t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, file := range all {
		line, _ := os.ReadFile(file)
		environ, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "environ"))
		if bytes.Contains(line, []byte("Xwayland")) && bytes.Contains(environ, []byte(d.Dir)) {
			return true
		}
	}
	return false
}
