package cli_test

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/cli"
	"keyfob/auth/session"
)

// TestLogoutAll says what became of each tool, whatever became of another, and
// opens no sign-out page twice.
func TestLogoutAll(t *testing.T) {
	e := &engine{all: []session.Snapshot{{Tool: "a"}, {Tool: "b"}, {Tool: "c"}}, locked: "b"}
	var told strings.Builder
	err := run(t.Context(), t, "logout --all", e, cli.Env{Out: io.Discard, Err: &told, Now: time.Now})
	if code := cli.Report(&told, err); code != cli.ExitKeychain {
		t.Errorf("it ended with %d", code)
	}
	const want = `signed out of a on this machine; it was revoked; it lives on
The rule.
not signed out of b on this machine: the keychain is locked
signed out of c on this machine; it was revoked; it lives on
The rule.
keyfob: still signed in on this machine to b: unlock it
`
	if told.String() != want || !slices.Equal(e.pages, []string{"page of a"}) {
		t.Errorf("told\n%s\nwant\n%s\nand of the pages %q", told.String(), want, e.pages)
	}
}

// TestWhoOpensTheSignOutPage: where no browser can open, as over ssh, the engine
// tries, which may be on a desktop.
func TestWhoOpensTheSignOutPage(t *testing.T) {
	for _, noBrowser := range []bool{false, true} {
		e := &engine{}
		call, err := cli.Parse([]string{"logout", "a"})
		if err != nil {
			t.Fatal(err)
		}
		if err := call.Run(t.Context(), program{engine: e, noBrowser: noBrowser}, cli.Env{Out: io.Discard, Err: io.Discard}); err != nil {
			t.Fatal(err)
		}
		if e.callerOpens == noBrowser {
			t.Errorf("no browser: %t; the caller opens: %t", noBrowser, e.callerOpens)
		}
	}
}
