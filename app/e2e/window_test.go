//go:build linux

package e2e_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/npm"
)

// TestASecondStartOpensTheWindow: whoever starts Keyfob again wants to see it.
func TestASecondStartOpensTheWindow(t *testing.T) {
	r := newRig(t, bed.Options{Windows: true})
	r.settings("")
	app := r.start()
	for range 2 {
		if got := r.keyfob(); got.code != 0 || !strings.Contains(got.err, "its window opens") {
			t.Fatalf("a second start ended with %d and said %q", got.code, got.err)
		}
		r.WaitWindow("Keyfob")
		if n := len(r.Windows("Keyfob")); n != 1 {
			t.Fatalf("%d windows are open", n)
		}
	}
	w := r.WaitWindow("Keyfob")
	r.Key(w, "Escape")
	r.WaitNoWindow("Keyfob")
	r.keyfob()
	r.WaitWindow("Keyfob")
	r.quit(app)
	r.WaitNoWindow("Keyfob")
}

// TestWithoutTheWindowProgram: all else works, and it is said where to get it.
func TestWithoutTheWindowProgram(t *testing.T) {
	r := newRigOf(t, bed.Options{}, "keyfob")
	alone, err := os.ReadFile(r.program()) // the link leads to where both are built
	if err == nil {
		err = errors.Join(os.Remove(r.program()), os.WriteFile(r.program(), alone, 0o700))
	}
	if err != nil {
		t.Fatal(err)
	}
	r.settings("")
	r.start()
	if got := r.keyfob(); got.code != 0 ||
		!strings.Contains(got.err, "its icon is in the tray, but there is no keyfob-window beside this program") {
		t.Fatalf("a second start ended with %d and said %q", got.code, got.err)
	}
}

// TestEachWayToCopy asks the engine as the window does.
func TestEachWayToCopy(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	r := newRigOf(t, bed.Options{}, "keyfob")
	r.Browser.Install()
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	r.start()
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed out", "Sign in")
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	r.Tray.WaitEntry("ThingWorx Plant 4 · 59 min left")
	client, err := agent.Dial(t.Context(), filepath.Dir(r.socket()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	token, err := client.Token(t.Context(), "plant4", 0)
	if err != nil {
		t.Fatal(err)
	}
	bearer := "Authorization: Bearer " + token.Access.Reveal()
	for as, want := range map[agent.CopyAs]string{
		agent.CopyToken:  token.Access.Reveal(),
		agent.CopyHeader: bearer,
		agent.CopyCurl:   "curl -H '" + bearer + "' '" + s.Issuer + "/api/hello'",
		agent.CopyEnv:    "export KEYFOB_TOKEN='" + token.Access.Reveal() + "'",
	} {
		if err := client.Copy(t.Context(), "plant4", as); err != nil {
			t.Fatalf("%q: %v", as, err)
		}
		if got := r.Clipboard(); got != want {
			t.Errorf("%q does not copy what it says, but %q", as, strings.ReplaceAll(got, token.Access.Reveal(), "TOKEN"))
		}
	}
	if err := client.Copy(t.Context(), "plant4", "nonsense"); auth.KindOf(err) != auth.KindUsage {
		t.Errorf("copying nonsense: %v", err)
	}
}
