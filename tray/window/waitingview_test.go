package window

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// waitingText writes the page the way that it reads.
func waitingText(m waitingModel) string {
	var b strings.Builder
	fmt.Fprintln(&b, m.Heading)
	for _, s := range m.Says {
		fmt.Fprintln(&b, s)
	}
	if m.Problem != "" {
		fmt.Fprintln(&b, "!", m.Problem)
	}
	if m.Note != "" {
		fmt.Fprintln(&b, "  "+m.Note)
	}
	if m.Waits {
		fmt.Fprintf(&b, "(waiting, ready %v) %s\n", m.Ready, m.Since)
	}
	if m.Details {
		fmt.Fprintln(&b, "(details)")
	}
	for _, h := range m.Help {
		fmt.Fprintln(&b, "?", h.Sees)
	}
	return b.String()
}

// underWay is a sign-in that was begun at noon.
func underWay() session.Snapshot {
	return session.Snapshot{
		Tool:      "plant",
		Name:      "Plant 4",
		State:     session.SigningIn,
		SignInURL: "https://login.example.com:8443/authorize?a=b",
		SignInAt:  noon,
		Set:       "1",
	}
}

func TestWaitingView(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration
		s     session.Snapshot
		want  string
	}{
		{"at first", 200 * time.Millisecond, with(underWay(), func(s *session.Snapshot) { s.SignInURL = "" }), `Signing in to Plant 4
The sign-in is being prepared.
(waiting, ready false) Begun 0 s ago
`},
		{"in the browser", 59 * time.Second, underWay(), `Signing in to Plant 4
Go on in your browser, at the page of login.example.com. Keyfob notices by itself when you are signed in.
(waiting, ready true) Begun 59 s ago
`},
		{"no browser", 5 * time.Second, with(underWay(), func(s *session.Snapshot) {
			s.Problem = &auth.Error{
				Kind: auth.KindFailed, Code: "browser", What: "no browser could be started", Do: "open the address yourself",
			}
		}), `Signing in to Plant 4
Copy the address, open it in a browser on this computer, and sign in there.
! No browser could be started. Open the address yourself.
(waiting, ready true) Begun 5 s ago
`},
		{"for long", 125 * time.Second, underWay(), `Signing in to Plant 4
Go on in your browser, at the page of login.example.com. Keyfob notices by itself when you are signed in.
(waiting, ready true) Begun 2 min 5 s ago
? Nothing: no page has opened, or I closed it
? “This site can't be reached”, before I could sign in
? “This site can't be reached”, after I have signed in
? A page with an error, such as AADSTS and a number
? It asks for the approval of an administrator
? It took another account than the one I want
? It says that I am signed in, and nothing happens here
`},
		{"a clock that was set back", -time.Hour, underWay(), `Signing in to Plant 4
Go on in your browser, at the page of login.example.com. Keyfob notices by itself when you are signed in.
(waiting, ready true) Begun 0 s ago
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := waitingText(waitingView(c.s, c.s.SignInAt, noon.Add(c.after))); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
	failed := with(underWay(), func(s *session.Snapshot) { s.State, s.Problem = session.SignedOut, refused })
	want := `Signing in to Plant 4 did not work
! This account is not assigned to the application. Ask the provider's administrator to add you to it.
  Reference: AADSTS50105
(details)
`
	if got := waitingText(failedView(failed, refused)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestHelpNamesWhatThePageHas holds the help to the buttons that it speaks of.
func TestHelpNamesWhatThePageHas(t *testing.T) {
	for _, h := range browserHelp(underWay()) {
		if h.Do == "" || strings.HasSuffix(h.Sees, ".") {
			t.Errorf("%q → %q", h.Sees, h.Do)
		}
		for _, part := range strings.Split(h.Do, "Press “")[1:] {
			name, _, _ := strings.Cut(part, "”")
			if name != string(waitAgain) && name != string(waitCopy) {
				t.Errorf("there is no button %q", name)
			}
		}
	}
}
